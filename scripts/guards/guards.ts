/** One guard of the program. A comment in the sources marks where it stands: see `findMarks`. */
export interface Guard {
  name: string;
  /** Parts of the names of the test files that fail without it. */
  tests: readonly string[];
  /** What the failing tests do not show, and what holds it instead. */
  remark?: string;
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
  { name: "exact Host", tests: requests },
  { name: "one Host", tests: requests },
  { name: "no Origin", tests: requests },
  { name: "Sec-Fetch-Site", tests: requests },
  { name: "JSON content type", tests: requests },
  { name: "no compressed body", tests: requests },
  { name: "client key", tests: requests },
  {
    name: "constant time comparison of the key",
    remark:
      "The tests see what is compared, and how: digests of 32 bytes, with `timingSafeEqual` alone. That this takes the same time for each is Bun's promise. No test measures it: the difference is smaller than what the network adds.",
    tests: ["test/server/authentication"],
  },
  {
    name: "a client's credential goes to one upstream only",
    tests: ["test/relay/pass-through/client-credential", "test/relay/pass-through/going-on"],
  },
  { name: "key of ours, which is no upstream's business", tests: ["test/relay/client-head"] },
  { name: "no ping inside an event that is passed on", tests: ["test/relay/pass-through/pass-through"] },
  { name: "announced body length", tests: requests },
  { name: "real body length", tests: requests },
  { name: "slowest upload", tests: ["test/faults/slow-clients"] },
  { name: "JSON depth", tests: [...requests, "test/server/bad-input", "test/server/hostile-json"] },
  { name: "number of JSON values", tests: ["test/server/hostile-json"] },
  { name: "depth of the upstream's JSON", tests: ["test/server/hostile-json"] },
  { name: "fatal UTF-8", tests: requests },
  { name: "admission", tests: ["test/server/admission"] },
  { name: "client that takes nothing", tests: ["test/faults/slow-clients"] },
  { name: "no redirect", tests: answers },
  { name: "finish reason before the end", tests: answers },
  { name: "key taken out of errors", tests: ["test/upstream/upstream-client-status"] },
  { name: "key taken out of what errors have become", tests: ["test/server/own-keys"] },
  { name: "key taken out of answers", tests: ["test/server/own-keys"] },
  { name: "keys taken out of the log", tests: ["test/logging", ...requests, ...answers] },
  { name: "spelled keys taken out of the log", tests: ["test/logging/logger"] },
  { name: "caller's key taken out of the record", tests: ["test/record/secrets"] },
  { name: "spelled keys taken out of the record", tests: ["test/record/secrets"] },
  { name: "flush of the log at the exit", tests: ["test/logging/logger"] },
  { name: "cut of an error's body", tests: answers },
  { name: "longest event", tests: ["test/upstream/decode-sse"] },
  { name: "upstream's head in time", tests: answers },
  { name: "silence of the upstream", tests: answers },
  { name: "end of the upstream's call with its client", tests: requests },
  ...[
    "content policy of the dashboard",
    "dashboard in no frame",
    "no guessed types in the dashboard",
    "no referrer of the dashboard",
    "dashboard in a window of its own",
    "dashboard read by no other site",
    "no devices for the dashboard",
    "dashboard in no cache",
  ].map((name) => ({ name, tests: ["test/server/dashboard/protection"] })),
  ...[
    "session of the dashboard",
    "one use of a code for the dashboard",
    "time of a code for the dashboard",
    "end of a session of the dashboard",
    "key behind a session of the dashboard",
    "constant time comparison of tokens of the dashboard",
    "number of sessions of the dashboard",
  ].map((name) => ({ name, tests: ["test/server/dashboard/sign-in"] })),
  { name: "a client's own running requests in the dashboard", tests: ["test/server/dashboard/running"] },
  { name: "a client's own requests in the dashboard", tests: ["test/server/dashboard/record-api"] },
  { name: "what a client without admin sees in the dashboard", tests: ["test/server/dashboard/running"] },
  { name: "a client's own exchange in the dashboard", tests: ["test/server/dashboard/record-api"] },
  { name: "a client's own budgets in the dashboard", tests: ["test/server/dashboard/record-api"] },
];
