// Finds a product, sells one, and watches its stock: node quick_start.js http://127.0.0.1:8080 [KEY]
import { CatalogueError, Client } from "../src/index.js";

declare const process: { argv: string[] };

const client = new Client(process.argv[2] ?? "http://127.0.0.1:8080", { key: process.argv[3] });

const hit = (await client.search({ q: "mug", pageSize: 1 })).results[0];
if (!hit?.product) throw new Error("no mug is to be found");
const { id, name, priceEur, stockQty } = hit.product;
console.log(id, name, priceEur ?? "no price", stockQty);

for await (const event of client.watchAvailability([id])) {
  console.log(event.type, event.data.stockQty);
  if (event.data.stockQty < stockQty) break;
  await client.adjustStock(id, { delta: -1 });
}

try {
  await client.getProduct("no-such-product");
} catch (error) {
  if (!(error instanceof CatalogueError && error.is("PRODUCT_NOT_FOUND"))) throw error;
  console.log(error.reason, error.requestId);
}
