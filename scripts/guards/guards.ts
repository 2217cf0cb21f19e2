/** One guard, how its source reads, and what stands there without it. */
export interface Guard {
  name: string;
  file: string;
  text: string;
  without: string;
  /** Parts of the names of the test files that should notice. */
  tests: readonly string[];
}

const requests = ["test/faults/guards", "test/faults/requests", "test/faults/clients"];
const answers = [
  "test/faults/broken",
  "test/faults/strange",
  "test/faults/statuses",
  "test/faults/connections",
];

/** In the order in which a request meets them, then those of the upstream's side. */
export const guards: readonly Guard[] = [
  {
    name: "exact Host",
    file: "src/server/middleware/guard.ts",
    text: "deps.hosts.has(host)",
    without: "true",
    tests: requests,
  },
  {
    name: "one Host",
    file: "src/server/middleware/guard.ts",
    text: "isOneName.test(host)",
    without: "true",
    tests: requests,
  },
  {
    name: "no Origin",
    file: "src/server/middleware/guard.ts",
    text: 'c.req.header("origin") !== undefined || isForeignSite',
    without: "isForeignSite",
    tests: requests,
  },
  {
    name: "Sec-Fetch-Site",
    file: "src/server/middleware/guard.ts",
    text: 'c.req.header("origin") !== undefined || isForeignSite',
    without: 'c.req.header("origin") !== undefined',
    tests: requests,
  },
  {
    name: "JSON content type",
    file: "src/server/middleware/guard.ts",
    text: 'c.req.method === "POST" && !isJson',
    without: "false && !isJson",
    tests: requests,
  },
  {
    name: "no compressed body",
    file: "src/server/middleware/guard.ts",
    text: 'encoding !== "identity"',
    without: "false",
    tests: requests,
  },
  {
    name: "client key",
    file: "src/server/middleware/authenticate.ts",
    text: "!isKnown && !openPaths",
    without: "false && !openPaths",
    tests: requests,
  },
  {
    name: "constant time comparison of the key",
    file: "src/server/middleware/authenticate.ts",
    text: "timingSafeEqual(digest(key), expected)",
    without: "digest(key).equals(expected)",
    tests: ["test/server/authentication"],
  },
  {
    name: "announced body length",
    file: "src/server/middleware/body-limit.ts",
    text: "> largestBodyBytes",
    without: "> Number.MAX_SAFE_INTEGER",
    tests: requests,
  },
  {
    name: "real body length",
    file: "src/server/read-body.ts",
    text: "bodyBytes > largestBodyBytes",
    without: "false",
    tests: requests,
  },
  {
    name: "slowest upload",
    file: "src/server/read-body.ts",
    text: "exchange.elapsedMs() > allowedSeconds * 1000",
    without: "false",
    tests: ["test/faults/slow-clients"],
  },
  {
    name: "JSON depth",
    file: "src/server/parse-request.ts",
    text: "depth: deepestNesting,",
    without: "depth: Number.POSITIVE_INFINITY,",
    tests: [...requests, "test/server/bad-input", "test/server/hostile-json"],
  },
  {
    name: "number of JSON values",
    file: "src/server/parse-request.ts",
    text: "values: 500_000",
    without: "values: Number.POSITIVE_INFINITY",
    tests: ["test/server/hostile-json"],
  },
  {
    name: "depth of the upstream's JSON",
    file: "src/json/parse-json.ts",
    text: "exceedsDepth(text, deepestNesting)",
    without: "false",
    tests: ["test/server/hostile-json"],
  },
  {
    name: "fatal UTF-8",
    file: "src/server/parse-request.ts",
    text: "fatal: true",
    without: "fatal: false",
    tests: requests,
  },
  {
    name: "admission",
    file: "src/server/admission.ts",
    text: "running >= limit",
    without: "false",
    tests: ["test/server/admission"],
  },
  {
    name: "client that takes nothing",
    file: "src/server/routes/messages.ts",
    text: "isStream ? clientIdleSeconds : 0",
    without: "0",
    tests: ["test/faults/slow-clients"],
  },
  {
    name: "no redirect",
    file: "src/upstream/fetch-answer.ts",
    text: 'redirect: "manual"',
    without: 'redirect: "follow"',
    tests: answers,
  },
  {
    name: "finish reason before the end",
    file: "src/protocols/chat/answer/chat-translator.ts",
    text: 'ending === "end-of-body" && this.#finishReason === null',
    without: "false",
    tests: answers,
  },
  {
    name: "key taken out of errors",
    file: "src/upstream/key-redactor.ts",
    text: 'redactSecrets(text, finder, "…")',
    without: "text",
    tests: ["test/upstream/upstream-client-status"],
  },
  {
    name: "key taken out of what errors have become",
    file: "src/relay/own-keys.ts",
    text: 'redactSecrets(error.message, inErrors, "…")',
    without: "error.message",
    tests: ["test/server/own-keys"],
  },
  {
    name: "key taken out of answers",
    file: "src/relay/own-keys.ts",
    text: "finder === null ? null :",
    without: "true ? null :",
    tests: ["test/server/own-keys"],
  },
  {
    name: "keys taken out of the log",
    file: "src/logging/redact-text.ts",
    text: "redactSecrets(text, finder, redactedText)",
    without: "text",
    tests: ["test/logging", ...requests, ...answers],
  },
  {
    name: "flush of the log at the exit",
    file: "src/logging/turn-batch.ts",
    text: 'process.on("exit", flush);',
    without: "",
    tests: ["test/logging/logger"],
  },
  {
    name: "cut of an error's body",
    file: "src/upstream/read-capped-body.ts",
    text: "restBytes > 0",
    without: "true",
    tests: answers,
  },
  {
    name: "longest event",
    file: "src/upstream/decode-sse.ts",
    text: "data.length > maxEventLength",
    without: "false",
    tests: ["test/upstream/decode-sse"],
  },
  {
    name: "upstream's head in time",
    file: "src/upstream/fetch-answer.ts",
    text: "setTimeout(headIsLate, ms)",
    without: "setTimeout(headIsLate, ms + 2 ** 30)",
    tests: answers,
  },
  {
    name: "silence of the upstream",
    file: "src/upstream/idle-limit.ts",
    text: "if (restMs <= 0) onExpire();",
    without: "if (restMs <= 0) waitingSince = null;",
    tests: answers,
  },
  {
    name: "end of the upstream's call with its client",
    file: "src/relay/upstream-call.ts",
    text: 'clientSignal.addEventListener("abort", stop, { once: true });',
    without: "",
    tests: requests,
  },
];
