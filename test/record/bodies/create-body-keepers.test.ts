import { expect, test } from "bun:test";
import type { BodyKeeper, KeptBody } from "../../../src/record/bodies/body-keeper.ts";
import { createBodyKeepers } from "../../../src/record/bodies/create-body-keepers.ts";

const megabyte = 1024 * 1024;
const keptBytes = megabyte + 64 * 1024;
const head = { url: "https://upstream.example/v1/chat/completions", headers: { accept: "*/*" } };

const textOf = ({ pieces }: KeptBody) => Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString();
const heldBytes = (body: KeptBody | undefined) =>
  body?.pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
const namesOf = (bodies: KeptBody[]) => bodies.map(({ name, send }) => `${name} ${send}`);

test("the four messages are kept as they went by, those of the upstream by their sends", () => {
  const keeper = createBodyKeepers({ mode: "all" })();
  keeper.add("client-request", "asked");
  keeper.beginSend(() => head);
  keeper.add("upstream-request", "first");
  keeper.add("upstream-response", Buffer.from("refused"));
  keeper.beginSend(() => head);
  keeper.add("upstream-request", "second");
  keeper.add("upstream-response", Buffer.from("an"));
  keeper.add("client-response", "AN");
  keeper.add("upstream-response", Buffer.from("swér"));
  keeper.add("client-response", "SWÉR");
  const bodies = keeper.take();
  expect(bodies.map(({ name, send, head, bytes, isCut }) => ({ name, send, head, bytes, isCut }))).toEqual([
    { name: "client-request", send: 0, head: null, bytes: 5, isCut: false },
    { name: "upstream-request", send: 1, head, bytes: 5, isCut: false },
    { name: "upstream-response", send: 1, head: null, bytes: 7, isCut: false },
    { name: "upstream-request", send: 2, head, bytes: 6, isCut: false },
    { name: "upstream-response", send: 2, head: null, bytes: 7, isCut: false },
    { name: "client-response", send: 0, head: null, bytes: 7, isCut: false },
  ]);
  expect(bodies.map(textOf)).toEqual(["asked", "first", "refused", "second", "answér", "ANSWÉR"]);
});

test("nothing is copied", () => {
  const keeper = createBodyKeepers({ mode: "errors" })();
  const bytes = Buffer.from("bytes");
  keeper.add("client-request", bytes);
  expect(keeper.take()[0]?.pieces[0]).toBe(bytes);
});

test("what was taken is forgotten, and nothing is added to it", () => {
  const keeper = createBodyKeepers({ mode: "all" })();
  keeper.add("client-request", "asked");
  expect(keeper.take()).toHaveLength(1);
  keeper.beginSend(() => head);
  keeper.add("client-response", "late");
  expect(keeper.take()).toEqual([]);
});

test("of a message the first part is kept, and all of it counted", () => {
  for (const piece of ["ä".repeat(megabyte), new Uint8Array(2 * megabyte)]) {
    const keeper = createBodyKeepers({ mode: "all" })();
    keeper.add("client-request", piece);
    keeper.add("client-request", piece);
    const [body] = keeper.take();
    expect(body).toMatchObject({ bytes: 4 * megabyte, isCut: true });
    expect(heldBytes(body)).toBe(keptBytes);
    // A part of the piece would keep the whole in memory.
    const [start] = body?.pieces ?? [];
    expect(typeof start === "string" ? null : start?.buffer.byteLength).toBe(keptBytes);
  }
});

test("of the last request to an upstream more is kept, for the comparison", () => {
  const keeper = createBodyKeepers({ mode: "all" })();
  for (const text of ["1", "2"]) {
    keeper.beginSend(() => head);
    keeper.add("upstream-request", text.repeat(5 * megabyte));
  }
  const [first, last] = keeper.take();
  expect(first).toMatchObject({ bytes: 5 * megabyte, isCut: true });
  expect(heldBytes(first)).toBe(keptBytes);
  expect(heldBytes(last)).toBe(4 * megabyte);
});

test("without bodies the last request to an upstream alone is kept", () => {
  const keeper = createBodyKeepers({ mode: "off" })();
  keeper.add("client-request", "asked");
  keeper.beginSend(() => head);
  keeper.add("upstream-request", "first");
  keeper.add("upstream-response", "refused");
  keeper.beginSend(() => head);
  keeper.add("upstream-request", "second");
  keeper.add("client-response", "answer");
  const bodies = keeper.take();
  expect(namesOf(bodies)).toEqual(["upstream-request 2"]);
  expect(bodies.map(textOf)).toEqual(["second"]);
});

test("all requests together keep 64 MB, and what ended gives its share back", () => {
  const create = createBodyKeepers({ mode: "all" });
  const fill = (): BodyKeeper => {
    const keeper = create();
    keeper.add("client-request", new Uint8Array(megabyte));
    return keeper;
  };
  const running = Array.from({ length: 63 }, fill);
  const late = fill();
  const [cut] = late.take();
  expect(cut).toMatchObject({ bytes: megabyte, isCut: true, pieces: [] });
  for (const keeper of running) expect(keeper.take()[0]?.isCut).toBe(false);
  for (const keeper of Array.from({ length: 63 }, fill)) expect(keeper.take()[0]?.isCut).toBe(false);
});

test("an earlier send that is shortened gives back what it does not need", () => {
  const create = createBodyKeepers({ mode: "off" });
  const keeper = create();
  for (let send = 0; send < 40; send += 1) {
    keeper.beginSend(() => head);
    keeper.add("upstream-request", new Uint8Array(4 * megabyte));
  }
  expect(keeper.take()).toMatchObject([{ send: 40, isCut: false }]);
});

test("short pieces are counted with what they take in memory", () => {
  const keeper = createBodyKeepers({ mode: "all" })();
  for (let piece = 0; piece < megabyte; piece += 1) keeper.add("upstream-response", "x");
  const [body] = keeper.take();
  expect(body).toMatchObject({ bytes: megabyte, isCut: true });
  expect(body?.pieces.length).toBeLessThan(700_000);
});
