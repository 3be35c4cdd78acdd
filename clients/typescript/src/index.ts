export { Client, type CatalogueEvent, type ClientOptions } from "./client.js";
export { CatalogueError, Unreachable } from "./errors.js";
export type * from "./types.js";
