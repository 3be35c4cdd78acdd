import type { Problem, Reason } from "./types.js";

/** The gateway cannot be reached, or the connection broke off. */
export class Unreachable extends Error {}

/** A problem of the gateway (RFC 9457). `reason` says which, and narrows it: `error.is("PRODUCT_NOT_FOUND")`. */
export class CatalogueError extends Error {
  readonly reason: string;
  readonly requestId: string;
  /** Each field or parameter at fault. */
  readonly errors: { field: string; message: string }[];
  /** Facts for programs, such as `stockQty` of INSUFFICIENT_STOCK. */
  readonly metadata: Record<string, string>;

  constructor(readonly status: number, problem: Partial<Problem>) {
    super(problem.detail ?? `status ${status}`);
    this.reason = problem.reason ?? "";
    this.requestId = problem.requestId ?? "";
    this.errors = (problem.errors as { field: string; message: string }[]) ?? [];
    this.metadata = (problem.metadata as Record<string, string>) ?? {};
  }

  is(...reasons: Reason[]): boolean {
    return (reasons as string[]).includes(this.reason);
  }
}
