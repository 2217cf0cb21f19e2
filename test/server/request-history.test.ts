import { expect, test } from "bun:test";
import type { Logger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { keepRequestHistory } from "../../src/server/request-history.ts";
import { createRecord } from "../logging/request-record.ts";

const key = "canary-0123456789";

function keep() {
  const records: RequestRecord[] = [];
  const logger: Logger = {
    isDebug: true,
    info: () => {},
    warn: () => {},
    error: () => {},
    debugBody: () => {},
    request: (record) => void records.push(record),
    close: () => {},
  };
  return { ...keepRequestHistory(logger, [key]), records };
}

test.each<[string, Partial<RequestRecord>, [number, number, number | null]]>([
  ["an answer is a request", {}, [1, 0, null]],
  ["a failure is one, too", { status: 502, errorType: "api_error", errorMessage: "x" }, [1, 1, 502]],
  ["an answer that broke has failed", { errorType: "api_error", errorMessage: "x" }, [1, 1, 200]],
  ["a client that went away is no failure", { status: 499, errorType: "api_error" }, [1, 0, null]],
  ["a count is no request", { path: "/v1/messages/count_tokens" }, [0, 0, null]],
  [
    "messages may be asked for at a wrong path",
    { path: "/proxy/v1/messages", status: 404, errorType: "not_found_error" },
    [1, 1, 404],
  ],
  [
    "what strangers try is not told",
    { path: "/wp-login.php", status: 404, errorType: "not_found_error" },
    [0, 0, null],
  ],
])("%s", (_, changes, [requests, failures, status]) => {
  const { history, logger, records } = keep();
  const record = createRecord(changes);
  logger.request(record);
  expect([history.requests, history.failures, history.lastFailure?.status ?? null]).toEqual([
    requests,
    failures,
    status,
  ]);
  expect(records).toEqual([record]);
  expect(logger.isDebug).toBe(true);
});

test("the last failure is told with its model, with no key, and not at length", () => {
  const { history, logger } = keep();
  const failure = { status: 502, errorType: "api_error" };
  logger.request(createRecord({ ...failure, errorMessage: "an older one" }));
  const record = createRecord({ ...failure, errorMessage: `${"x".repeat(490)}${key}${"y".repeat(50_000)}` });
  logger.request(record);
  logger.request(createRecord());
  expect(history.lastFailure).toEqual({
    time: record.time,
    status: 502,
    type: "api_error",
    message: `${"x".repeat(490)}[redacted]`,
    model: "openai/gpt-5.2",
  });
  logger.request(
    createRecord({ ...failure, upstreamModel: null, clientModel: `m/${key}`, errorMessage: null }),
  );
  expect(history.lastFailure).toMatchObject({ model: "m/[redacted]", message: "" });
});

test("a secret that is added later is not told from then on", () => {
  const { history, logger, addSecrets } = keep();
  addSecrets(["canary-of-later-9876543210"]);
  const errorMessage = `no ${key}, no canary-of-later-9876543210`;
  logger.request(createRecord({ status: 502, errorType: "api_error", errorMessage }));
  expect(history.lastFailure?.message).toBe("no [redacted], no [redacted]");
});
