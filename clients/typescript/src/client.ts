import { CatalogueError, Unreachable } from "./errors.js";
import { Api } from "./methods.js";
import { pause, TRANSIENT, Transport } from "./transport.js";

export interface ClientOptions {
  /** An API key, which `catctl key create` makes. */
  key?: string;
  /** Who writes; kept with each change. */
  actor?: string;
  /** Of one attempt; 10 seconds if absent. */
  timeoutMs?: number;
  /** Attempts after the first; 3 if absent. */
  retries?: number;
  fetch?: typeof fetch;
}

/** One event of a watch. */
export interface CatalogueEvent {
  /** Such as `change`, `snapshot`, `availability`. */
  type: string;
  data: any;
  /** Resumes after this event. */
  cursor: string;
}

/**
 * A client of the gateway at a URL. Reads, and writes with the request ids that it makes, are tried again when the
 * gateway or the network fails. Problems are thrown as `CatalogueError`, with a typed `reason`.
 */
export class Client extends Api {
  constructor(baseUrl: string, options: ClientOptions = {}) {
    const { timeoutMs = 10_000, retries = 3, fetch = globalThis.fetch.bind(globalThis), ...rest } = options;
    super(new Transport(baseUrl, { timeoutMs, retries, fetch, ...rest }));
  }

  /**
   * Every change, until `signal` aborts: connects again and resumes after the last event. Without a cursor the
   * products as they are come first, as events of type `snapshot`. An event `resync` says that changes were missed:
   * read again what you keep.
   */
  watchChanges(
    options: {
      cursor?: string;
      start?: "snapshot" | "now";
      categoryId?: string;
      productId?: string[];
      filter?: string;
      signal?: AbortSignal;
    } = {},
  ): AsyncGenerator<CatalogueEvent> {
    const { cursor = "", signal, ...query } = options;
    return this.watch("/v1/changes", query, cursor, signal);
  }

  /** The stock of up to 200 products, now and whenever it changes, until `signal` aborts. */
  watchAvailability(
    productId: string[],
    options: { variants?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<CatalogueEvent> {
    const { signal, ...query } = options;
    return this.watch("/v1/availability", { productId, ...query }, undefined, signal);
  }

  private async *watch(
    path: string,
    query: Record<string, unknown>,
    cursor: string | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<CatalogueEvent> {
    for (let failures = 0; ; failures++) {
      const headers: Record<string, string> = { accept: "text/event-stream" };
      if (cursor) headers["last-event-id"] = cursor;
      try {
        for await (const event of events(this.transport.lines(path, query, headers, signal))) {
          failures = 0;
          if (cursor !== undefined && event.cursor) cursor = event.cursor;
          if (event.type === "problem") break;
          if (event.type) yield event;
        }
      } catch (error) {
        const mayHeal = error instanceof Unreachable || (error instanceof CatalogueError && TRANSIENT.has(error.status));
        if (!mayHeal) throw error;
      }
      await pause(Math.min(failures, 8), null);
    }
  }
}

/** Server-sent events; comments, such as heartbeats, come with an empty type. */
async function* events(lines: AsyncGenerator<string>): AsyncGenerator<CatalogueEvent> {
  let event = { type: "", data: "", cursor: "" };
  for await (const line of lines) {
    if (!line) {
      if (event.type || event.data || event.cursor) {
        yield { ...event, data: event.data ? JSON.parse(event.data) : undefined };
      }
      event = { type: "", data: "", cursor: "" };
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event.type = value;
    else if (field === "data") event.data += event.data ? `\n${value}` : value;
    else if (field === "id") event.cursor = value;
  }
}
