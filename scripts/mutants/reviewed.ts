import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutant.ts";

/** A change that no test noticed when a reviewer made it, as a replacement of text. */
interface ReviewedMutant {
  /** What it would cost. */
  name: string;
  file: string;
  /** Stands in the file once. */
  text: string;
  instead: string;
  /** Beginnings of the names of the test files that should notice. */
  tests: readonly string[];
}

/** A mutant of the list and where it is now; null when the sources no longer have that file or text. */
export interface LocatedMutant {
  name: string;
  mutant: Mutant | null;
  file: string;
  tests: readonly string[];
}

const streams = ["test/translate/answer/", "test/faults/strange-chunks"];

/**
 * The 24 of the review of commit 005d857 but for one: `parse-env-file.ts` took out a byte order mark, and did the same
 * without that line. Where a line was rewritten, the mutant is the same change of what took its place.
 */
const reviewed: readonly ReviewedMutant[] = [
  {
    name: "of reasoning behind an open call only the last piece is kept",
    file: "src/translate/answer/reasoning-writer.ts",
    text: "this.#held.add(text);",
    instead: "this.#held.take(); this.#held.add(text);",
    tests: streams,
  },
  {
    name: "reasoning behind a carrier is taken for what was told",
    file: "src/translate/answer/reasoning-writer.ts",
    text: "this.#repeats.beginAnew();",
    instead: "",
    tests: [...streams, "test/translate/reasoning/"],
  },
  {
    name: "late arguments of a closed call are left out",
    file: "src/translate/answer/calls/tool-calls.ts",
    text: 'if (slot.aside.isEmpty || slot.state !== "closed") continue;',
    instead: "continue;",
    tests: streams,
  },
  {
    name: "a call's index of a million",
    file: "src/protocols/chat/answer/tool-call-reader.ts",
    text: "index < 1_000_000",
    instead: "index <= 1_000_000",
    tests: streams,
  },
  {
    name: "of two stop sequences that end together the shorter is told",
    file: "src/translate/answer/text/stop-sequences.ts",
    text: "this.#endings[node] ??= this.#endings[link] ?? null;",
    instead: "this.#endings[node] = this.#endings[link] ?? this.#endings[node] ?? null;",
    tests: streams,
  },
  {
    name: "arguments that come a third time are a call",
    file: "src/translate/answer/calls/read-behind.ts",
    text: "known.add(key);",
    instead: "",
    tests: streams,
  },
  {
    name: "a second comma is taken",
    file: "src/translate/answer/calls/mend-json.ts",
    text: "comma = at;",
    instead: "if (comma === -1) comma = at;",
    tests: streams,
  },
  {
    name: "status 527",
    file: "src/translate/failures/resolve-status.ts",
    text: "<= 527",
    instead: "<= 526",
    tests: ["test/translate/failures/", "test/faults/statuses"],
  },
  {
    name: "an exchange that has ended stays among the running ones",
    file: "src/relay/upstream-call.ts",
    text: "running.delete(stop);",
    instead: "",
    tests: ["test/server/", "test/faults/requests", "test/faults/clients"],
  },
  {
    name: "an exchange that has ended listens on",
    file: "src/relay/upstream-call.ts",
    text: 'clientSignal.removeEventListener("abort", stop);',
    instead: "",
    tests: ["test/server/", "test/faults/requests", "test/faults/clients"],
  },
  {
    name: "an upload may take longer than ten minutes",
    file: "src/server/read-body.ts",
    text: "Math.min(patienceSeconds + bodyBytes / slowestBytesPerSecond, longestSeconds)",
    instead: "patienceSeconds + bodyBytes / slowestBytesPerSecond",
    tests: ["test/server/", "test/faults/slow-clients"],
  },
  {
    name: "pings to a client that does not read",
    file: "src/server/event-stream-response.ts",
    text: "if (isReading && ",
    instead: "if (",
    tests: ["test/server/", "test/faults/slow-clients"],
  },
  {
    name: "of too many entries none is forgotten",
    file: "src/learned/keep.ts",
    text: "if (map.size > most && oldest !== undefined) map.delete(oldest);",
    instead: "if (map.size > most && oldest !== undefined) map.delete(key);",
    tests: ["test/learned/"],
  },
  {
    name: "the usage may come 50 s late",
    file: "src/relay/create-relay.ts",
    text: "defaultLingerMs = 5_000",
    instead: "defaultLingerMs = 50_000",
    tests: ["test/server/"],
  },
  {
    name: "200 s for the last word",
    file: "src/server/stop-server.ts",
    text: "lastWordMs: 2_000",
    instead: "lastWordMs: 200_000",
    tests: ["test/server/"],
  },
  {
    name: "an hour of silence",
    file: "src/upstream/upstream-limits.ts",
    text: "idleMs: 360_000",
    instead: "idleMs: 3_600_000",
    tests: ["test/upstream/", "test/server/"],
  },
  {
    name: "a whole answer of 64 TiB",
    file: "src/upstream/upstream-limits.ts",
    text: "wholeBodyBytes: 64 * 1024 * 1024",
    instead: "wholeBodyBytes: 64 * 1024 ** 4",
    tests: ["test/upstream/", "test/server/"],
  },
  {
    name: "a record longer than a log file turns over an empty one",
    file: "src/logging/log-file.ts",
    text: "fileBytes > 0 && ",
    instead: "",
    tests: ["test/logging/log-file"],
  },
  {
    name: "a clock that was set back silences the warning",
    file: "src/logging/record-writer.ts",
    text: "Math.abs(nowMs - reportedAtMs)",
    instead: "nowMs - reportedAtMs",
    tests: ["test/logging/"],
  },
  {
    name: "marks that turn the direction of writing",
    file: "src/json/unseen-characters.ts",
    text: "\\p{Cf}",
    instead: "",
    tests: ["test/logging/"],
  },
  {
    name: "keys of 8 to 19 characters",
    file: "src/secrets/secret-form.ts",
    text: "shortestSecret = 8",
    instead: "shortestSecret = 20",
    tests: ["test/secrets/", "test/logging/", "test/upstream/", "test/faults/secrets"],
  },
  {
    name: "a service's definition for everybody to read",
    file: "src/cli/service/definition-file.ts",
    text: "mode: 0o600",
    instead: "mode: 0o644",
    tests: ["test/cli/service/"],
  },
  {
    name: "a closing backslash in a task",
    file: "src/cli/service/scheduled-task.ts",
    text: '.replace(/(\\\\+)$/, "$1$1")',
    instead: "",
    tests: ["test/cli/service/"],
  },
];

/** The list, each mutant where its text stands in the sources of today. */
export function locateReviewed(projectFolder: string): LocatedMutant[] {
  return reviewed.map(({ name, file, text, instead, tests }) => {
    const path = join(projectFolder, file);
    const source = existsSync(path) ? readFileSync(path, "utf8") : "";
    const start = source.indexOf(text);
    const isOnce = start !== -1 && !source.includes(text, start + 1);
    const line = source.slice(0, start).split("\n").length;
    const lastLine = line + text.split("\n").length - 1;
    const end = start + text.length;
    const mutant: Mutant = {
      file,
      line,
      lastLine,
      kind: "reviewed",
      start,
      end,
      before: text,
      after: instead,
    };
    return { name, file, tests, mutant: isOnce ? mutant : null };
  });
}
