import type { ApiError } from "./api-error.ts";
import type { LooseRequest } from "./messages-request.ts";

/**
 * A request that our own check refuses: with fields of a later API, or wrong ones. An upstream to which requests are
 * passed as they are knows best what it takes; for any other, `fault` is the answer.
 */
export class UnreadRequest {
  readonly body: LooseRequest;
  readonly fault: ApiError;

  constructor(body: LooseRequest, fault: ApiError) {
    this.body = body;
    this.fault = fault;
  }
}
