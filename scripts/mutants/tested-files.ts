/** The folders whose sources are changed. What talks to a terminal and to the system's services is tried by other means. */
export const mutatedFolders: readonly string[] = [
  "config",
  "json",
  "learned",
  "logging",
  "protocols",
  "relay",
  "secrets",
  "server",
  "tokens",
  "translate",
  "turns",
  "upstream",
];

/**
 * Beginnings of the names of test files that take too long to be run for every mutant, or that see no source, or only in
 * programs that they start: nobody knows then which lines they run.
 */
const leftOut = [
  "test/architecture",
  "test/cli/built-program",
  "test/cli/count",
  "test/cli/demo",
  "test/cli/hang-up",
  "test/cli/reload/reload-program",
  "test/cli/run-program",
  "test/cli/serve",
  "test/cli/service/",
  "test/cli/state-folder",
  "test/cli/status-command",
  "test/dashboard/",
  "test/demo/",
  "test/docs/",
  "test/document-paths",
  "test/end-to-end/",
  "test/faults/descriptors",
  "test/faults/endless-answers",
  "test/faults/load",
  "test/faults/long-answers",
  "test/faults/program",
  "test/faults/server-in-front",
  "test/faults/slow-clients",
  "test/faults/starts",
  "test/laws/",
  "test/learned/processes",
  "test/outside-values",
  "test/performance/",
  "test/record/killed",
  "test/record/faults",
  "test/record/pruning",
  "test/recordings/",
  "test/regular-expressions",
  "test/release/",
  "test/rule-tables",
  "test/scripts/",
  "test/support/",
  "test/logging/kill-program",
  "test/server/slow-upstream",
  "test/server/recording-faults",
  "test/protocols/chat/answer/linear-answers",
  "test/protocols/chat/requests/requests-valid",
];

/** Whether the test file is fast enough to be run for a mutant. */
export function isFast(file: string): boolean {
  return !leftOut.some((beginning) => file.startsWith(beginning));
}

/**
 * Tests that lie closer to sources than their names tell, and those of what runs in a thread or a program of its own,
 * where coverage is not measured: the beginning of the sources' names, and of the test files' names.
 */
export const closeByHand: readonly (readonly [source: string, tests: readonly string[]])[] = [
  ["src/tokens/tokenizer", ["test/tokens/tokenizer", "test/tokens/create-token-counter"]],
  ["src/tokens/c", ["test/tokens/tokenizer"]],
  ["src/logging/", ["test/logging/logger", "test/faults/log-faults"]],
  ["src/server/middleware/", ["test/faults/guards", "test/faults/requests"]],
  ["src/server/start-proxy", ["test/faults/requests", "test/server/malformed-http"]],
  ["src/server/stop-server", ["test/server/stop"]],
  ["src/server/middleware/request-context", ["test/server/request-records"]],
  ["src/relay/exchange", ["test/server/request-records"]],
  ["src/server/event-stream-response", ["test/server/gate", "test/server/pace", "test/server/ends"]],
  ["src/relay/upstream-call", ["test/server/ends", "test/server/disconnect"]],
  ["src/relay/open-answer", ["test/server/ends", "test/relay/learn-from-answers"]],
  ["src/relay/account-for-answer", ["test/server/ends", "test/server/request-records"]],
];
