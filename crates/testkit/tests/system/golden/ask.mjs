// Asks the TypeScript client, built as the module argv[3]: ask.mjs URL MODULE < calls, a line of JSON each, which is
// answered by a line with the outcome.
import { createInterface } from "node:readline";

const [, , url, module] = process.argv;
const { CatalogueError, Client } = await import(module);
const client = new Client(url);

async function listed(answers) {
  const list = [];
  for await (const answer of answers) list.push(answer);
  return list;
}

async function outcome({ method, path, query, body, streams }) {
  const name = method[0].toLowerCase() + method.slice(1);
  const positional = body === null ? path : [...path, body];
  try {
    const answer = client[name](...positional, query);
    return { answer: streams ? await listed(answer) : await answer };
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    return { reason: error.reason, errors: error.errors };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  console.log(JSON.stringify({ name: call.name, ...(await outcome(call)) }));
}
