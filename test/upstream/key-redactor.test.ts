import { describe, expect, test } from "bun:test";
import { createKeyRedactor } from "../../src/upstream/key-redactor.ts";

const key = 'canary"key\\with/marks+123';
const redact = createKeyRedactor([key]);

describe("our key is taken out of what an upstream sends", () => {
  test.each([
    ["as it is", `key ${key} end`, "key … end"],
    ["twice", `${key}${key}`, "……"],
    ["inside JSON", JSON.stringify({ a: key }), '{"a":"…"}'],
    ["inside JSON inside JSON", JSON.stringify(JSON.stringify([key])), '"[\\"…\\"]"'],
    ["URL-encoded", `?key=${encodeURIComponent(key)}&x=1`, "?key=…&x=1"],
    ["a header URL-encoded", encodeURIComponent(`Bearer ${key}`), "Bearer%20…"],
  ])("%s", (_name, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  // The characters left at the edges carry at most a few bits of the key.
  test.each([
    ["at the start of the bytes", "", "…zo6"],
    ["after one byte", "u", "dW…M6Og=="],
    ["after two bytes", "uu", "dXV…Ojo="],
    ["behind Bearer", "Bearer ", "QmVhcmVyIG…M6Og=="],
  ])("as base64 %s", (_name, before, expected) => {
    expect(redact(Buffer.from(`${before}${key}::`).toString("base64"))).toBe(expected);
  });

  test("as base64 of addresses", () => {
    const text = Buffer.from(`Bearer ${key}`).toString("base64url");
    expect(redact(text)).toStartWith("QmVhcmVyIG…");
  });

  test.each(["", "ollama"])("but no word such as %j", (word) => {
    expect(createKeyRedactor([word])("ollama/qwen3")).toBe("ollama/qwen3");
  });
});
