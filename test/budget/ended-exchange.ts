import type { RequestRecord } from "../../src/logging/request-record.ts";
import { createTrace, type RequestTrace } from "../../src/record/request-trace.ts";
import { createExchange, type EndedExchange } from "../../src/relay/exchange.ts";

/** A messages request that has ended and of which this was found out. */
export function endedExchange(
  record: Partial<RequestRecord> & { client?: string | null },
  trace: Partial<RequestTrace> = {},
): EndedExchange {
  const ended: EndedExchange[] = [];
  const exchange = createExchange(new Request("http://127.0.0.1/v1/messages", { method: "POST" }), {
    requestId: "req_1",
    now: () => record.time ?? new Date(),
    logger: { request: () => {}, error: () => {} },
    observers: [{ end: (one) => void ended.push(one) }],
  });
  exchange.end();
  const [empty] = ended;
  if (empty === undefined) throw new Error("the exchange did not end");
  return { record: { ...empty.record, ...record }, trace: { ...createTrace(null), ...trace } };
}
