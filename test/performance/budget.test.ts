import { expect, test } from "bun:test";
import { join } from "node:path";
import { chunk, stopChunk } from "../support/chunks.ts";
import { sse } from "../support/reply.ts";
import { hello, readBytes, startPair } from "../support/start-pair.ts";
import { translateStream } from "../support/translate-answer.ts";
import budget from "./budget.json" with { type: "json" };
import { countCalls } from "./count-calls.ts";
import { findStartImports } from "./find-start-imports.ts";

// Counts that are the same on every machine. A higher one is a decision, and budget.json is where it is written down.

const answered = { profile: "generic", model: "m", request: { ...hello, stream: true } } as const;
const chunks = 1000;

/** Decodes, translates and encodes a stream of `count` chunks of text. */
function translate(count: number): () => void {
  const texts = Array.from({ length: count }, (_, index) => chunk({ content: `word ${index} ` }));
  const bytes = Buffer.from(
    [...texts, stopChunk].map((item) => `data: ${JSON.stringify(item)}\n\n`).join(""),
  );
  return () => {
    translateStream(answered, [bytes]);
  };
}

test.each([
  ["parse", budget.parsesPerChunk],
  ["stringify", budget.stringifiesPerChunk],
] as const)("JSON.%s runs %d times a chunk", async (method, budgeted) => {
  const few = await countCalls(JSON, method, translate(chunks));
  const many = await countCalls(JSON, method, translate(2 * chunks));
  expect((many.calls - few.calls) / chunks).toBe(budgeted);
});

/** A stream through the whole server, all of whose events come in one write of the upstream. */
async function startStream() {
  const pair = await startPair();
  const events = Array.from({ length: 100 }, () => chunk({ content: "word " }));
  const reply = sse([...events, stopChunk], { splitAt: [] });
  pair.upstream.respondWith(() => reply);
  const read = async () => readBytes(await pair.post({ ...hello, stream: true }));
  return { read, [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose]() };
}

test("all events of one read of the upstream go out in one piece", async () => {
  await using stream = await startStream();
  let enqueues = 0;
  const reads = await countCalls(ReadableStreamDefaultReader.prototype, "read", async () => {
    const { calls } = await countCalls(ReadableStreamDefaultController.prototype, "enqueue", stream.read);
    enqueues = calls;
  });
  // One write may come in more than one read, but never in one for each of its events.
  expect(reads.calls).toBeLessThan(10);
  expect(enqueues / reads.calls).toBeLessThanOrEqual(budget.enqueuesPerRead);
});

test("what goes out is made bytes once", async () => {
  await using stream = await startStream();
  const sent = (await stream.read()).byteLength;
  const { measured } = await countCalls(TextEncoder.prototype, "encode", stream.read, byteLengthOf);
  expect(measured / sent).toBe(budget.bytesEncodedPerByteSent);
});

function byteLengthOf(bytes: unknown): number {
  return bytes instanceof Uint8Array ? bytes.byteLength : 0;
}

const root = join(import.meta.dir, "../..");

// The ceilings for modules are some 15 % above the number that a start loaded when they were set: splitting a file adds
// a module and costs nothing that a user notices. The lists of packages have no slack, as each package costs megabytes.

/** What `main.ts` loads of every command, itself included. */
const everyCommand = ["src/main.ts", "src/cli/run-program.ts", "src/cli/terminal.ts"];

test("a command loads no more than it must before it knows what it is", async () => {
  const { modules, packages } = await findStartImports(everyCommand);
  expect(packages).toEqual(budget.packagesOfEveryCommand);
  expect(modules.length).toBeLessThanOrEqual(budget.modulesOfEveryCommand);
});

test("the version and the status line load no package, and little else", async () => {
  const ofAll = ["src/main.ts", "src/cli/terminal.ts", "src/config/foreign-variables.ts"];
  const version = await findStartImports([...ofAll, "src/cli/print-version.ts"]);
  const statusLine = await findStartImports([...ofAll, "src/cli/statusline/run-alone.ts"]);
  expect([version.packages, statusLine.packages]).toEqual([[], []]);
  expect(version.modules.length).toBeLessThanOrEqual(budget.modulesOfVersion);
  expect(statusLine.modules.length).toBeLessThanOrEqual(budget.modulesOfStatusLine);
});

/** What `serve` loads before it listens, with plain flags. */
const serve = [
  "src/main.ts",
  "src/cli/terminal.ts",
  "src/cli/serve/run-alone.ts",
  "src/config/load-config-with-file.ts",
  "src/logging/logger.ts",
  "src/server/start-proxy.ts",
];

/** What the first message needs beside that, without the wire. */
const messages = ["src/server/routes/api-handlers.ts", "src/relay/create-relay.ts"];

test("the server listens without other commands, what serves messages, sockets, TLS and ciphers of Node", async () => {
  const { modules, packages } = await findStartImports(serve);
  expect(packages).toEqual(budget.packagesOfServe);
  expect(modules.length).toBeLessThanOrEqual(budget.modulesOfServe);
  const late =
    /src\/(?:protocols|translate|tokens|learned|routing|knowledge|cli\/commands)\/|create-relay|api-handlers/;
  expect(modules.filter((path) => late.test(path))).toEqual([]);
  const sources = await Promise.all(modules.map((path) => Bun.file(join(root, path)).text()));
  expect(
    modules.filter((_, index) =>
      /from "node:(?:net|tls|zlib|crypto|fs\/promises)"/.test(sources[index] ?? ""),
    ),
  ).toEqual([]);
});

test("the server starts without the tokenizer's table, and without the code of a wire that nobody asks on", async () => {
  // The wire of the configured models, and no other.
  const { modules, packages } = await findStartImports([
    ...serve,
    ...messages,
    "src/protocols/chat/chat-protocol.ts",
  ]);
  expect(packages).toEqual(budget.packagesOfFirstMessage);
  expect(modules.length).toBeLessThanOrEqual(budget.modulesOfFirstMessage);
  expect(modules).not.toContain("src/tokens/tokenizer-worker.ts");
  expect(modules.filter((path) => path.startsWith("src/protocols/responses/"))).toEqual([]);
  // Node's sockets and TLS take a twentieth of a start; what a configuration file needs, nobody needs without one.
  const late = /can-connect|trusted-signers|pass-through\/(?!passing)|failover\/|create-file-relay|yaml/;
  expect(modules.filter((path) => late.test(path))).toEqual([]);
  // With RECORD=off nothing of the record is loaded but what each request notes, and nobody asks for the rest at a start.
  const ofRecord =
    /start-recording|record\/(?:create-|open-|read-|write|sqlite|prefix|filter|bodies\/create)/;
  const ofLookers =
    /src\/(?:budget|dashboard|tracing)\/|server\/dashboard\/|metrics\/(?:format|list)|find-viewer|sign-ins/;
  const asked = modules.filter((path) => ofRecord.test(path) || ofLookers.test(path));
  expect(asked).toEqual([]);
});

test("recording loads no database into the thread that serves", async () => {
  const { modules, packages } = await findStartImports(["src/server/start-recording.ts"]);
  expect(packages).toEqual([]);
  expect(
    modules.filter((path) => /record\/(?:sqlite|prefix|filter|write-worker|read-worker)/.test(path)),
  ).toEqual([]);
});

test("who has no shared record loads nothing of one at the start, nor with the first message, nor to record it", async () => {
  const ofRecord = ["src/server/start-recording.ts", "src/record/write-worker.ts"];
  const ofFile = ["src/record/writing/record-writer.ts", "src/record/writing/file-sink.ts"];
  const { modules } = await findStartImports([...serve, ...messages, ...ofRecord, ...ofFile]);
  const ofShared =
    /src\/(?:postgres|team|budget\/shared|record\/(?:postgres|spool)|record\/writing\/(?:shared|spool))/;
  expect(modules.filter((path) => ofShared.test(path))).toEqual([]);
});
