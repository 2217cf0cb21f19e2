import { expect, test } from "bun:test";
import { objectsOf } from "../../strict/json.ts";
import { itemOf } from "../output-items.ts";
import type { ResponseAnswer } from "../response-answer.ts";
import { responseManners } from "../response-manner.ts";
import { type BlobMint, type BlobMintOptions, createBlobMint } from "./blob-mint.ts";
import { call, output, said, user } from "./refusal-case.ts";

const openai: BlobMintOptions = { family: "openai", hasGenerations: true, hasSessions: true };
const answer: ResponseAnswer = {
  output: [
    { kind: "reasoning", summary: ["S"] },
    { kind: "message", text: "I look" },
    { kind: "reasoning" },
    { kind: "call", id: "c1", name: "Read", arguments: {} },
  ],
};
const asked = (input: object[], more: object = {}) => ({
  model: "gpt-5.6",
  prompt_cache_key: "s",
  input,
  ...more,
});

/** A mint, and the two blobs that it has made for the answer. */
function sealed(options: BlobMintOptions = openai): { mint: BlobMint; items: object[]; blobs: string[] } {
  const mint = createBlobMint(options);
  const { output: parts } = mint.seal(answer, asked([]));
  const blobs = parts.flatMap((part) => (part.kind === "reasoning" ? [part.encrypted ?? ""] : []));
  const [first = "", second = ""] = blobs;
  return { mint, blobs, items: [back(first), said("I look"), back(second), call("c1")] };
}

const back = (blob: string) => ({ type: "reasoning", summary: [], encrypted_content: blob });
const faultsOf = (mint: BlobMint, items: object[], more: object = {}) =>
  mint.findFaults(asked([user(), ...items, output("c1")], more)).map(({ message, code }) => code ?? message);

test("every item of reasoning gets a blob of its own", () => {
  const { blobs } = sealed();
  expect(blobs.map((blob) => blob.slice(0, 6))).toEqual(["gAAAAA", "gAAAAA"]);
  expect(new Set(blobs).size).toBe(2);
});

test("takes back what it has made, where it was", () => {
  const { mint, items } = sealed();
  expect(faultsOf(mint, items)).toEqual([]);
  expect(faultsOf(mint, items, { model: "gpt-5.6-sol" })).toEqual([]);
  // Other turns are not its own.
  expect(faultsOf(mint, [said("never said")])).toEqual([]);
});

test("wants every blob back, in its place", () => {
  const { mint, items } = sealed();
  const [first = {}, text = {}, second = {}, last = {}] = items;
  for (const wrong of [
    [text, second, last],
    [first, text, last],
    [text, first, second, last],
    [second, text, first, last],
    [first, second, text, last],
    [first, text, second, second, last],
  ]) {
    expect(faultsOf(mint, wrong)).toEqual([expect.stringMatching(/^The turn at input\[1\] was reasoning/)]);
  }
});

test("reads no blob of another server, of another generation or session, or one that was changed", () => {
  const { mint, items, blobs } = sealed();
  const [, text = {}, , last = {}] = items;
  const wrong = "invalid_encrypted_content";
  expect(faultsOf(sealed({ ...openai, family: "azure" }).mint, items)[0]).toBe(wrong);
  expect(faultsOf(mint, items, { model: "gpt-5.5" }).slice(0, 2)).toEqual([wrong, wrong]);
  expect(faultsOf(mint, items, { prompt_cache_key: "other" }).slice(0, 2)).toEqual([wrong, wrong]);
  expect(faultsOf(mint, [back(`${blobs[0]?.slice(0, -1)}x`), text, last])[0]).toBe(wrong);
  expect(faultsOf(mint, [back("gAAAAnotours"), text, last])[0]).toBe(wrong);
  expect(faultsOf(mint, items, { prompt_cache_key: undefined })).toEqual([]);
});

test("wants nothing back from a model of another generation", () => {
  const { mint, items } = sealed();
  const [, text = {}, , last = {}] = items;
  expect(faultsOf(mint, [text, last], { model: "gpt-5.5" })).toEqual([]);
  expect(faultsOf(mint, [text, last]).length).toBe(1);
});

test("generations are OpenAI's, sessions can be left out", () => {
  const { mint, items } = sealed({ family: "xai", hasGenerations: false, hasSessions: false });
  expect(faultsOf(mint, items, { model: "grok-4.5", prompt_cache_key: "other" })).toEqual([]);
});

test("what it has forgotten it refuses, and takes conversations without it", () => {
  const { mint, items } = sealed();
  const request = asked([user(), ...items, output("c1")]);
  expect(mint.findForgotten(request)).toEqual([]);
  mint.forget();
  expect(mint.findForgotten(request).map(({ code }) => code)).toEqual([
    "invalid_encrypted_content",
    "invalid_encrypted_content",
  ]);
  const [, text = {}, , last = {}] = items;
  expect(faultsOf(mint, [text, last])).toEqual([]);
});

test("the early copy of a blob in a stream is good for nothing, the last one is", () => {
  const { mint, items, blobs } = sealed();
  const [first = ""] = blobs;
  const item = itemOf({ kind: "reasoning", encrypted: first }, "rs_0", responseManners.openai);
  expect(objectsOf([item])[0]?.["encrypted_content"]).toBe(first);
  const [, text = {}, second = {}, last = {}] = items;
  expect(faultsOf(mint, [back(first.slice(0, first.length / 2)), text, second, last])[0]).toBe(
    "invalid_encrypted_content",
  );
  // It can be read, and is not the one that was told first.
  expect(faultsOf(mint, [back(`${first}-again`), text, second, last])).toEqual([
    expect.stringMatching(/^The turn at input\[1\] was/),
  ]);
});
