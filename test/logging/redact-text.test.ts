import { describe, expect, test } from "bun:test";
import { createTextRedactor } from "../../src/logging/redact-text.ts";
import { expectLinear } from "../support/expect-linear.ts";

const secret = 'canary"key\\with/marks+123';
const redact = createTextRedactor([secret, "ollama"]);

describe("own keys, known by their value, are taken out", () => {
  test.each([
    ["as they are", `key ${secret} end`, "key [redacted] end"],
    ["twice", `${secret}${secret}`, "[redacted][redacted]"],
    ["inside JSON", JSON.stringify({ a: secret }), '{"a":"[redacted]"}'],
    ["inside JSON inside JSON", JSON.stringify(JSON.stringify([secret])), '"[\\"[redacted]\\"]"'],
    ["URL-encoded", `?key=${encodeURIComponent(secret)}&x=1`, "?key=[redacted]&x=1"],
  ])("%s", (_name, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  // The characters left at the edges carry at most a few bits of the key.
  test.each([
    ["at the start of the bytes", "", "[redacted]zo6"],
    ["after one byte", "u", "dW[redacted]M6Og=="],
    ["after two bytes", "uu", "dXV[redacted]Ojo="],
    ["after three bytes", "uuu", "dXV1[redacted]zo6"],
  ])("as base64 %s", (_name, before, expected) => {
    expect(redact(Buffer.from(`${before}${secret}::`).toString("base64"))).toBe(expected);
  });

  test("[F7] also one of 8 characters", () => {
    expect(createTextRedactor(["8-chars!"])("the word 8-chars! is out")).toBe("the word [redacted] is out");
  });

  test("a placeholder of a few letters stays, or it would garble the names of models", () => {
    expect(redact("ollama/qwen3")).toBe("ollama/qwen3");
  });
});

describe("keys of others, known by their looks, are taken out", () => {
  test.each([
    ["Incorrect API key provided: sk-proj-AbCd_1234567890efgh.", "Incorrect API key provided: [redacted]."],
    ["sk-or-v1-0123456789abcdef0123456789abcdef", "[redacted]"],
    ["authorization: Bearer abcdefghijklmnop.qrst", "authorization: Bearer [redacted]"],
    ["AIzaSyA1234567890abcdefghijklmnopqrstuvw", "[redacted]"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig_nature", "[redacted]"],
    ["ghp_0123456789abcdefghij", "[redacted]"],
    ["eyJhbGciOiJIUzI1NiJ9.12345678.x", "[redacted]"],
    ["eyJhbGciOiJIUzI1NiJ9.1234567.x", "eyJhbGciOiJIUzI1NiJ9.1234567.x"],
    ["token-eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig_nature.", "token-[redacted]."],
    ["a.b.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.", "a.b.[redacted]"],
    [
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.y",
      "[redacted].[redacted]",
    ],
  ])("%s", (text, expected) => {
    expect(createTextRedactor([])(text)).toBe(expected);
  });

  test.each([
    "sk-",
    "rk_",
    "pk-",
    "gsk_",
    "xai-",
    "nvapi-",
    "hf_",
    "ghp_",
    "github_pat_",
    "AIza",
    "basic ",
    "BEARER ",
  ])("whatever begins with %s", (beginning) => {
    const shown = createTextRedactor([])(`a ${beginning}0123456789abcdefghij0123456789 b`);
    expect(shown).toContain("[redacted] b");
    expect(shown).not.toContain("0123456789");
  });

  test.each([
    "task-runner-with-a-long-name",
    "a bearer of news",
    "sk-short",
    "disk-usage-of-the-whole-machine",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0",
    "heyJude-and-others.of-the-beatles.and-more",
  ])("%s is no key", (text) => {
    expect(createTextRedactor([])(text)).toBe(text);
  });
});

describe("[F3] keys are looked for in time in proportion to the text", () => {
  test.each([
    ["tokens that begin and never end", "eyJ-"],
    ["tokens of one part", "eyJabcdefgh."],
    ["tokens of two parts", "eyJabcdefgh.abcdefgh. "],
    ["tokens", "eyJabcdefgh.abcdefgh.x"],
    ["marks of makers", "sk-"],
    ["short keys", "sk-0123456789 "],
    ["bearers", "Bearer "],
    ["blanks behind a bearer", "Bearer                                 !"],
    ["keys of Google that are none", "AIza-"],
    ["dots", "."],
    ["one word", "w"],
  ])("%s", async (name, piece) => {
    await expectLinear(name, (size) => `Bearer ${piece.repeat(size)}`, createTextRedactor([secret]));
  });
});
