import type { Mutant } from "./mutant.ts";

/** A mutant that changes nothing that anybody could see, and so cannot be noticed. */
interface Equivalent {
  file: string;
  /** The line it is on, without its indentation. */
  line: string;
  before: string;
  after: string;
  why: string;
}

/** Of a default that the types ask for. */
const alwaysFound = "what is looked up is always there";

/** Several of one file, each change as `before -> after`. */
function of(
  file: string,
  lines: readonly { line: string; changes: readonly string[]; why: string }[],
): Equivalent[] {
  return lines.flatMap(({ line, changes, why }) =>
    changes.map((change) => {
      const [before = "", after = ""] = change.split(" -> ");
      return { file, line, before, after, why };
    }),
  );
}

/** Those that samples have brought up and a person has looked at. They are not tried, nor counted. */
export const equivalents: readonly Equivalent[] = [
  {
    file: "src/upstream/answer-kind.ts",
    line: "if (bodyBytes === null || bodyBytes > Math.min(shortBodyBytes, wholeBodyBytes)) return false;",
    before: ">",
    after: ">=",
    why: "either way of reading gives the same answer; one is faster",
  },
  {
    file: "src/relay/answer-reader.ts",
    line: "if (translator.failure !== null) return { events, ending: null };",
    before: "return { events, ending: null };",
    after: "{}",
    why: "a translator that has failed makes nothing more of what follows",
  },
  {
    file: "src/logging/bound-record.ts",
    line: 'const json = JSON.stringify(value) ?? "";',
    before: 'JSON.stringify(value) ?? ""',
    after: "JSON.stringify(value)",
    why: "what is no JSON is the value itself, whether it is found out by its length or by what is thrown",
  },
  {
    file: "src/upstream/start-http-thread.ts",
    line: 'await fetch("http://localhost/", { unix: "/dev/null/nobody" });',
    before: '"http://localhost/"',
    after: '""',
    why: "on a machine with descriptors left the thread starts with the first request as well",
  },
  {
    file: "src/relay/own-keys.ts",
    line: 'const stop_details = { ...details, explanation: this.#clean(details.explanation ?? "") };',
    before: '""',
    after: '"mutant"',
    why: alwaysFound,
  },
  {
    file: "src/tokens/tokenizer-worker.ts",
    line: "Atomics.store(flag, 0, 1);",
    before: "1",
    after: "2",
    why: "whoever waits looks only whether it is 0",
  },
  {
    file: "src/translate/conversation/mend-tool-ids.ts",
    line: "lastNumbers.set(id, number);",
    before: "lastNumbers.set(id, number);",
    after: "{}",
    why: "the same number is found, by more looks",
  },
  {
    file: "src/translate/answer/calls/mend-json.ts",
    line: "const controlEscapes = Array.from({ length: 0x20 }, (_, code) =>",
    before: "0x20",
    after: "33",
    why: "a blank is written as it is",
  },
  {
    file: "src/secrets/secret-filter.ts",
    line: 'const text = this.#pending === "" ? piece : this.#pending + piece;',
    before: '""',
    after: '"mutant"',
    why: "nothing and a piece is the piece",
  },
  {
    file: "src/secrets/secret-filter.ts",
    line: "const isOrdinary = found === null || (found.isOpen && found.start === text.length - 1);",
    before: "-",
    after: "+",
    why: "the longer way finds the same",
  },
  {
    file: "src/relay/upstream-call.ts",
    line: 'clientSignal.addEventListener("abort", stop, { once: true });',
    before: "true",
    after: "false",
    why: "a signal aborts once",
  },
  {
    file: "src/relay/own-keys.ts",
    line: "const partLength = 1024 * 1024;",
    before: "*",
    after: "/",
    why: "however a text is cut, the same comes out; only the laws of time see it",
  },
  {
    file: "src/translate/conversation/clear-old-thinking.ts",
    line: "if (kept === Number.POSITIVE_INFINITY) return turns;",
    before: "return turns;",
    after: "{}",
    why: "of so many kept ones none is cleared",
  },
  {
    file: "src/config/parse-env-file.ts",
    line: 'const isEnd = (text: string) => text.replaceAll(`\\\\\u0024{quote}`, "").includes(quote);',
    before: '""',
    after: '"mutant"',
    why: "what stands for an escaped quote is no quote, either",
  },
  {
    file: "src/tokens/learn-charges.ts",
    line: "if (restMs > 0) this.#wakeIn(restMs);",
    before: "0",
    after: "1",
    why: "a millisecond earlier",
  },
  {
    file: "src/upstream/encode-in-turns.ts",
    line: "weight += weigh(value[index], most - weight);",
    before: "-",
    after: "+",
    why: "what is too heavy is told so a little later",
  },
  {
    file: "src/upstream/encode-in-turns.ts",
    line: "if (items.length > 0 && weight + own > pieceLength) {",
    before: ">",
    after: ">=",
    why: "weights are estimates, and the text is the same in whatever pieces",
  },
  {
    file: "src/translate/answer/text/stop-watch.ts",
    line: "return length <= held.length ? held.slice(0, length) : held + text.slice(0, length - held.length);",
    before: "<=",
    after: "<",
    why: "all of what was held, and nothing of the text behind it",
  },
  {
    file: "src/translate/reasoning/decode-envelope.ts",
    line: "if (!signature.startsWith(envelopePrefix) || budget.bytes === 0) return null;",
    before: "0",
    after: "1",
    why: "no envelope has one byte, and none can be inflated to nothing",
  },
  {
    file: "src/logging/redact-text.ts",
    line: 'return result.includes("eyJ") ? result.replace(tokenRun, redactTokens) : result;',
    before: '"eyJ"',
    after: '""',
    why: "a slower way to the same text",
  },
  ...["3", "20"].map((after) => ({
    file: "src/secrets/secret-finder.ts",
    line: "for (const start of forms.flatMap((form) => literalStarts(form, 2))) {",
    before: "2",
    after,
    why: "the first two characters are looked at, whatever stands behind them",
  })),
  ...["2", "10"].map((after) => ({
    file: "src/translate/answer/calls/mend-json.ts",
    line: "let comma = -1;",
    before: "1",
    after,
    why: "the first character of what can be mended says it anew",
  })),
  {
    file: "src/tokens/cut-text.ts",
    line: "while (text.length - start > pieceLength) {",
    before: ">",
    after: ">=",
    why: "nothing stands behind a text that is as long as a piece, so no place to cut is found",
  },
  {
    file: "src/server/event-stream-response.ts",
    line: "const isReading = desiredSize !== null && desiredSize > 0;",
    before: ">",
    after: ">=",
    why: "a client that does not read is held one ping, and not one more",
  },
  {
    file: "src/server/event-stream-response.ts",
    line: "if (isReading && performance.now() - this.#sentAtMs >= this.#options.pace.pingMs)",
    before: ">=",
    after: ">",
    why: "no silence is as long to the last digit",
  },
  {
    file: "src/server/pause-collector.ts",
    line: "if (restMs > 1) {",
    before: ">",
    after: ">=",
    why: "no rest is a millisecond to the last digit",
  },
  {
    file: "src/translate/tools/select-tools.ts",
    line: "if (changes.length === 0) return tools;",
    before: "return tools;",
    after: "{}",
    why: "a shorter way to the same tools",
  },
  ...of("src/json/outline-json.ts", [
    {
      line: "const levels = limits.depth + 1;",
      changes: ["1 -> 2", "1 -> 10"],
      why: "room that nobody uses",
    },
    ...[
      "if (at - (this.#lastCuts[depth] ?? 0) > this.#pieceBytes) this.#cut(depth, at);",
      "const start = this.#starts[depth] ?? 0;",
      "const lastComma = this.#lastCommas[depth] ?? 0;",
      "if (lastComma > (this.#lastCuts[depth] ?? 0)) this.#cut(depth, lastComma);",
    ].map((line) => ({ line, changes: ["0 -> 1"], why: alwaysFound })),
    {
      line: "if (depth <= 0) return;",
      changes: ["<= -> <", "return; -> {}"],
      why: "what is noted of a bracket that closes nothing is never told, as the root is none then",
    },
    {
      line: "const shortText = 24;",
      changes: ["24 -> 25", "24 -> 240"],
      why: "either way of looking finds the same end of a text; one is faster",
    },
    {
      line: "for (let at = start + 1; at < near; at += 1) {",
      changes: ["< -> <="],
      why: "either way of looking finds the same end of a text; one is faster",
    },
  ]),
  ...of("src/json/parse-pieces.ts", [
    {
      line: "const longestEscape = 6;",
      changes: ["6 -> 7"],
      why: "a text may be cut before an escape that ends before the cut, too",
    },
    {
      line: "for (let back = at; back > at - longestEscape; back -= 1) {",
      changes: ["> -> >="],
      why: "a text may be cut before an escape that ends before the cut, too",
    },
    {
      line: "if (!isJsonObject(members)) throw new BrokenPiece();",
      changes: ["throw new BrokenPiece(); -> {}"],
      why: "what stands between braces is an object, or no JSON",
    },
    {
      line: 'if (typeof piece !== "string") throw new BrokenPiece();',
      changes: ["throw new BrokenPiece(); -> {}"],
      why: "what stands between quotes is a text, or no JSON",
    },
    {
      line: 'const [[shortKey, shortValue] = ["", null]] = entries;',
      changes: ['"" -> "mutant"'],
      why: alwaysFound,
    },
    {
      line: "if (at >= end) return end;",
      changes: [">= -> >"],
      why: "the end is a place to cut like any other",
    },
    {
      line: "while (((this.#bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;",
      changes: ["0 -> 1", "-= -> +="],
      why: "any byte that begins a character is a place to cut, and no byte is missing",
    },
    {
      line: "while (at - 1 - backslashes >= from && this.#bytes[at - 1 - backslashes] === 0x5c) backslashes += 1;",
      changes: ["- -> +"],
      why: "pieces end behind whole escapes: before one is an even number of backslashes",
    },
  ]),
  ...of("src/translate/answer/calls/tool-calls.ts", [
    { line: 'const name = slot.name ?? "";', changes: ['"" -> "mutant"'], why: alwaysFound },
    {
      line: 'const ending = slot.arguments?.finish(cut) ?? { kind: "complete", rest: "{}" };',
      changes: ['"{}" -> ""'],
      why: alwaysFound,
    },
  ]),
  ...of("src/translate/answer/text/stop-sequences.ts", [
    {
      line: "const allCodes = 65_536;",
      changes: ["65_536 -> 65537", "65_536 -> 655360"],
      why: "any factor above the largest code keeps the keys apart",
    },
    { line: "const none = -1;", changes: ["1 -> 2", "1 -> 10"], why: "any number that is no node" },
    {
      line: 'readonly #owners: string[] = [""];',
      changes: ['"" -> "mutant"'],
      why: "the root is no character deep",
    },
    {
      line: "const order = [...depths.keys()].sort((one, other) => (depths[one] ?? 0) - (depths[other] ?? 0));",
      changes: ["0 -> 1"],
      why: alwaysFound,
    },
    {
      line: 'return (this.#owners[node] ?? "").slice(0, this.#depths[node]);',
      changes: ['"" -> "mutant"'],
      why: alwaysFound,
    },
    {
      line: "if (parent === root && code < asciiCodes) this.#begins[code] = 1;",
      changes: ["< -> <="],
      why: "behind the end of a typed array nothing is kept",
    },
    { line: "this.#depths.push((this.#depths[parent] ?? 0) + 1);", changes: ["0 -> 1"], why: alwaysFound },
    {
      line: "this.#links.push(root);",
      changes: ["this.#links.push(root); -> {}"],
      why: "where nothing is, it reads as the root",
    },
    {
      line: "this.#endings.push(null);",
      changes: ["this.#endings.push(null); -> {}"],
      why: "where nothing is, it reads as null",
    },
  ]),
  ...of("src/translate/answer/output-text.ts", [
    {
      line: "if (this.#length <= mostKept) this.#beginning.add(text);",
      changes: ["<= -> <"],
      why: "as much of the text as has room is all of it",
    },
  ]),
  ...of("src/secrets/read-unit.ts", [
    {
      line: "export const unfinishedUnit: Unit = -1;",
      changes: ["1 -> 2", "1 -> 10"],
      why: "any number that is no unit",
    },
    {
      line: "const lengthFactor = 0x20_0000;",
      changes: ["0x20_0000 -> 2097153", "0x20_0000 -> 20971520"],
      why: "any factor above the largest code keeps code and length apart",
    },
    {
      line: "const longestEntity = 9;",
      changes: ["9 -> 10", "9 -> 90"],
      why: "what is longer is looked at in vain",
    },
    {
      line: 'const [whole, digits, hexDigits, name = ""] = found;',
      changes: ['"" -> "mutant"'],
      why: alwaysFound,
    },
    {
      line: ': Number.parseInt(digits ?? hexDigits ?? "", digits === undefined ? 16 : 10);',
      changes: ['"" -> "mutant"'],
      why: alwaysFound,
    },
    {
      line: "for (let index = at + 1; index <= at + longestEntity + 1; index += 1) {",
      changes: ["1 -> 2", "1 -> 10"],
      why: "what is not looked at is tried by the pattern, in vain",
    },
    {
      line: "const isName = code === 0x23 || hexDigit(code) !== -1 || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);",
      changes: ["0x20 -> 33", ">= -> >", "0x61 -> 98", "<= -> <", "0x7a -> 123", "0x7a -> 1220"],
      why: "digits of hex are names as well, no entity has a z in its name, and what is no name is tried in vain",
    },
    {
      line: "if (!mayBeEntity(text, at)) return itself;",
      changes: ["return itself; -> {}"],
      why: "a slower way to the same",
    },
  ]),
  ...of("src/secrets/secret-finder.ts", [
    {
      line: 'const codingMarks = ["%", "&", "\\\\", "\\r", "\\n"];',
      changes: ['"%" -> ""', '"&" -> ""', '"\\\\" -> ""', '"\\r" -> ""', '"\\n" -> ""'],
      why: "every text holds an empty sign, and so is walked over: a slower way to the same",
    },
    {
      line: "const mayFollow = followers.get(start.charCodeAt(0)) ?? new Uint8Array(128);",
      changes: ["128 -> 129", "128 -> 1280"],
      why: "of characters beyond ASCII the table is not asked",
    },
    {
      line: "for (const code of [0x25, 0x26, backslash]) followers.set(code, new Uint8Array(128).fill(1));",
      changes: ["128 -> 129", "128 -> 1280"],
      why: "of characters beyond ASCII the table is not asked",
    },
  ]),
  ...of("src/logging/logger.ts", [
    {
      line: "const severities: Readonly<Record<LogLevel, number>> = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3 };",
      changes: ["3 -> 4", "3 -> 30"],
      why: "the numbers are compared with each other alone, and their order stays",
    },
  ]),
  ...of("src/logging/log-file.ts", [
    {
      line: "const noTricks = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);",
      changes: ["0 -> 1"],
      why: "only Windows has neither flag, and tests of this file are not for it",
    },
    {
      line: 'const hasModes = process.platform !== "win32";',
      changes: ['"win32" -> ""'],
      why: "only Windows has no modes",
    },
    {
      line: "if (!hasModes) return null;",
      changes: ["return null; -> {}"],
      why: "only Windows has no modes",
    },
    { line: "fileBytes = 0;", changes: ["0 -> 1"], why: "a byte of ten million" },
    {
      line: "if (this.#open !== null && nowMs - this.#lookedAtMs < lookIntervalMs) return;",
      changes: ["< -> <="],
      why: "no interval is as long to the last digit",
    },
    {
      line: "maxDepth: 500,",
      changes: ["500 -> 501", "500 -> 5000"],
      why: "bodies are no deeper",
    },
    {
      line: "maxProperties: 1_000_000,",
      changes: ["1_000_000 -> 1000001", "1_000_000 -> 10000000"],
      why: "more than any record has",
    },
  ]),
  ...of("src/translate/refusals/find-output-cap.ts", [
    {
      line: 'return cap((sent.outputLimit ?? 0) - excess - rateMargin, leastInRate, "request", sent);',
      changes: ["0 -> 1"],
      why: "where no limit was sent none is capped",
    },
  ]),
  ...of("src/upstream/receive-answer.ts", [
    {
      line: 'if (classifyAnswer(contentType, text, true) === "whole") {',
      changes: ["true -> false"],
      why: "either way of reading gives the same answer; one is faster",
    },
  ]),
  ...of("src/logging/escape-control-characters.ts", [
    {
      line: "if (isPrintable(text)) return text;",
      changes: ["return text; -> {}"],
      why: "a slower way to the same",
    },
  ]),
  ...of("src/logging/redact-text.ts", [
    { line: 'const part = parts[index] ?? "";', changes: ['"" -> "mutant"'], why: alwaysFound },
    {
      line: '(parts[index + 1] ?? "").length >= 8 && index + 2 < parts.length ? part.search(tokenStart) : -1;',
      changes: ['"" -> "mutant"'],
      why: "a part that is not there has no part behind it",
    },
  ]),
  ...of("src/config/file/parse-yaml.ts", [
    {
      line: 'const text = typeof key.value === "string" ? key.value : (key.source ?? "");',
      changes: ['"" -> "mutant"'],
      why: "what was read from a file has the text that it was read from",
    },
  ]),
  ...of("src/relay/list-lessons.ts", [
    {
      line: "return one === other ? 0 : one < other ? -1 : 1;",
      changes: ["< -> <=", "1 -> 2", "1 -> 10"],
      why: "they are not the same there, and only the sign is asked for",
    },
  ]),
  ...of("src/translate/answer/notations/tagged-calls.ts", [
    {
      line: 'if (nameEnd === -1 || name === "") return null;',
      changes: ['"" -> "mutant"'],
      why: "no tool has no name, so nobody is asked for it either way",
    },
  ]),
  ...of("src/translate/answer/calls/member-filter.ts", [
    { line: "#depth = 0;", changes: ["0 -> 1"], why: "the first bracket sets it" },
  ]),
  ...of("src/relay/wire-switch.ts", [
    {
      line: "this.#openOn = null;",
      changes: ["this.#openOn = null; -> {}"],
      why: "the other wire sends nothing before it is read, and is not read behind the head",
    },
  ]),
  ...of("src/config/file/find-open-key.ts", [
    {
      line: 'const proxyPassword = httpProxy === undefined ? "" : (URL.parse(httpProxy)?.password ?? "");',
      changes: ['"" -> "mutant"', 'URL.parse(httpProxy)?.password ?? "" -> URL.parse(httpProxy)?.password'],
      why: "what is not there is not written out, and a text that is no address is refused before",
    },
  ]),
  ...of("src/server/random-id.ts", [
    { line: "nextOfPool = 0;", changes: ["0 -> 1"], why: "one of 4,096 random values is not used" },
    { line: "const value = pool[nextOfPool] ?? 0;", changes: ["0 -> 1"], why: alwaysFound },
  ]),
  ...of("src/learned/learned-store.ts", [
    {
      line: 'return store.ofUpstream("");',
      changes: ['"" -> "mutant"'],
      why: "of one upstream alone the address tells nothing apart, and it is not written",
    },
    {
      line: "if (!isCleared(lesson, clearings) && (ofKind.get(id)?.atMs ?? 0) <= atMs) keep(ofKind, id, lesson);",
      changes: ["0 -> 1"],
      why: "nothing was learned in 1970",
    },
  ]),
  ...of("src/cli/statusline/read-session-facts.ts", [
    {
      line: "const [picousdToday, unknownToday] = (row(todayQuery, sinceMs) ?? []).map(numberOr0);",
      changes: ["row(todayQuery, sinceMs) ?? [] -> row(todayQuery, sinceMs)"],
      why: "a sum has a row, also of nothing",
    },
  ]),
  ...of("src/protocols/responses/answer/function-call.ts", [
    {
      line: "else if (this.#id !== null) this.#settle(false);",
      changes: ["false -> true"],
      why: "it is over by then, and that weighs as much as the end of the answer",
    },
  ]),
];

/** Whether the mutant is one of those. */
export function isEquivalent({ file, line, before, after }: Mutant, source: string): boolean {
  const text = source.split("\n")[line - 1]?.trim();
  return equivalents.some(
    (known) => known.file === file && known.line === text && known.before === before && known.after === after,
  );
}
