import { CatalogueError, Unreachable } from "./errors.js";

/** The statuses after which the same request may succeed. */
export const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export interface Request {
  method: string;
  path: string;
  query?: Record<string, unknown>;
  body?: unknown;
  headers?: Record<string, string | undefined>;
  /** Whether the method takes an `Idempotency-Key`, which makes it safe to repeat. */
  takesRequestId?: boolean;
  signal?: AbortSignal;
}

export interface TransportOptions {
  key?: string;
  actor?: string;
  timeoutMs: number;
  retries: number;
  fetch: typeof fetch;
}

/** Sends requests, and tries again those that are safe to repeat: reads, and writes with a request id. */
export class Transport {
  private readonly base: string;

  constructor(baseUrl: string, private readonly options: TransportOptions) {
    this.base = new URL(baseUrl).href.replace(/\/$/, "");
  }

  async call<T>(request: Request): Promise<T> {
    const headers = this.headers(request.headers);
    headers.set("accept", "application/json");
    const ofCaller = request.query?.requestId ?? (request.body as { requestId?: string } | undefined)?.requestId;
    // The same for each attempt, so that the write happens once.
    if (request.takesRequestId && !ofCaller) headers.set("idempotency-key", `"${crypto.randomUUID()}"`);
    const isSafe = request.method === "GET" || request.takesRequestId === true;
    let body: string | undefined;
    if (request.body !== undefined) {
      body = JSON.stringify(request.body);
      headers.set("content-type", "application/json");
    }
    const url = this.base + request.path + queryString(request.query ?? {});
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt >= this.options.retries || !isSafe;
      const timeout = AbortSignal.timeout(this.options.timeoutMs);
      const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
      try {
        const response = await this.options.fetch(url, { method: request.method, headers, body, signal });
        if (response.ok) return (await response.json()) as T;
        const error = await problemOf(response);
        if (isLast || !TRANSIENT.has(response.status)) throw error;
        await pause(attempt, response.headers.get("retry-after"));
      } catch (error) {
        if (error instanceof CatalogueError || request.signal?.aborted) throw error;
        if (isLast) throw new Unreachable(String(error), { cause: error });
        await pause(attempt, null);
      }
    }
  }

  /** The messages of a stream of JSON lines. */
  async *products<T>(path: string, query: Record<string, unknown>, signal?: AbortSignal): AsyncGenerator<T> {
    for await (const line of this.lines(path, query, { accept: "application/x-ndjson" }, signal)) {
      if (line) yield JSON.parse(line) as T;
    }
  }

  /** The lines of a streamed response. */
  async *lines(
    path: string,
    query: Record<string, unknown>,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): AsyncGenerator<string> {
    const url = this.base + path + queryString(query);
    const response = await this.options
      .fetch(url, { headers: this.headers(headers), signal })
      .catch((error: unknown) => {
        throw signal?.aborted ? error : new Unreachable(String(error), { cause: error });
      });
    if (!response.ok || !response.body) throw await problemOf(response);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw signal?.aborted ? error : new Unreachable(String(error), { cause: error });
        });
        if (done) return;
        const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) yield line.replace(/\r$/, "");
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  private headers(more: Record<string, string | undefined> = {}): Headers {
    const headers = new Headers();
    if (this.options.key) headers.set("authorization", `Bearer ${this.options.key}`);
    if (this.options.actor) headers.set("x-actor", this.options.actor);
    for (const [name, value] of Object.entries(more)) if (value !== undefined) headers.set(name, value);
    return headers;
  }
}

function queryString(query: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) params.append(name, String(one));
    }
  }
  const text = params.toString();
  return text && `?${text}`;
}

async function problemOf(response: Response): Promise<CatalogueError> {
  const problem = await response.json().catch(() => ({}));
  return new CatalogueError(response.status, problem as object);
}

export async function pause(attempt: number, retryAfter: string | null): Promise<void> {
  const seconds = retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : 0.1 * 2 ** attempt;
  const ms = Math.min(seconds, 30) * 1000 * (0.5 + Math.random() / 2);
  await new Promise((resolve) => setTimeout(resolve, ms));
}
