import { readClientHints } from "../../src/anthropic/client-hints.ts";
import { type RequestFacts, readRequestFacts } from "../../src/routing/request-facts.ts";

/** The facts of a request with nothing in it. */
export function factsOfModel(model: string, client: string | null): RequestFacts {
  return readRequestFacts({ model, messages: [] }, readClientHints(new Headers()), client);
}
