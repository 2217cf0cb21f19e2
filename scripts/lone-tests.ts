/**
 * The tests that run alone, one file after the other, behind the others: they measure how long something takes or how
 * much memory it needs, or compare two builds, which come out differently beside others; or wait for the process to grow.
 */
export const loneTests: readonly string[] = [
  "test/faults/load.test.ts",
  "test/laws/short-steps.test.ts",
  "test/logging/cut-bodies.test.ts",
  "test/performance/open-stream.test.ts",
  "test/record/killed.test.ts",
  "test/release/reproducible.test.ts",
  "test/server/count-time.test.ts",
  "test/server/hostile-json.test.ts",
  "test/server/pause-collector.test.ts",
  "test/several/killed-instance.test.ts",
  "test/several/removed-client.test.ts",
];

/**
 * The tests that see whether work grows in proportion to its size. They measure the time of their own thread, so they
 * run beside each other, but not behind the others: a process that has run hundreds of files collects their garbage in
 * the middle of the work that is measured.
 */
export const freshTests: readonly string[] = [
  "test/laws/linear-requests.test.ts",
  "test/laws/linear-tool-calls.test.ts",
  "test/logging/redact-text.test.ts",
  "test/protocols/chat/answer/linear-answers.test.ts",
  "test/protocols/chat/answer/linear-lists.test.ts",
  "test/protocols/chat/answer/long-answers.test.ts",
  "test/protocols/responses/answer/bounded.test.ts",
  "test/secrets/redact-secrets.test.ts",
  "test/secrets/secret-filter.test.ts",
  "test/support/expect-linear.test.ts",
];

/**
 * The tests that hardly do anything but wait, for half a minute some of them: they run one file after the other beside
 * the others, in a process of their own, so that none of the two that work at the same time stands idle meanwhile.
 */
export const waitingTests: readonly string[] = [
  "test/end-to-end/rides-out-faults.test.ts",
  "test/faults/rolling-restart.test.ts",
  "test/faults/slow-clients.test.ts",
  "test/laws/one-configuration.test.ts",
  "test/learned/processes.test.ts",
  "test/record/faults.test.ts",
  "test/server/pace.test.ts",
  "test/server/slow-upstream.test.ts",
  "test/several/caps.test.ts",
  "test/several/rolling-restart.test.ts",
  "test/team/exchange.test.ts",
  "test/team/shared-clients.test.ts",
];
