import { randomUUID } from "node:crypto";
import type { RecordedRequest } from "../../../src/record/recorded-request.ts";
import { createRandom } from "../../../test/support/random.ts";
import { writeRequestOf } from "./request-of-agent.ts";

const days = 14;
const requestsOfSession = 200;
const dayMs = 86_400_000;

/** So many requests of the last 14 days, in the order of their times; several sessions at a time, as several people work. */
export function* writeRequestsOfDays(count: number): Generator<RecordedRequest> {
  const random = createRandom(16);
  const startMs = Date.now() - days * dayMs;
  const sessions = Array.from({ length: Math.ceil(count / requestsOfSession) }, () => randomUUID());
  for (let index = 0; index < count; index++) {
    const session = Math.floor(index / requestsOfSession / 4) * 4 + Math.floor(random() * 4);
    yield writeRequestOf({
      timeMs: Math.floor(startMs + (index / count) * days * dayMs),
      sessionId: sessions[session % sessions.length] ?? "",
      random,
    });
  }
}
