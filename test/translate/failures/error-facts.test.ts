import { describe, expect, test } from "bun:test";
import { type ErrorFacts, readErrorBody } from "../../../src/translate/failures/error-facts.ts";

describe("[5.1:text] what an error's body tells", () => {
  test.each<[unknown, Partial<ErrorFacts>]>([
    [{ error: { message: "no", param: "max_tokens" } }, { text: "no", field: "max_tokens" }],
    [[{ error: { message: "no", status: "INVALID" } }], { text: "no", names: ["invalid"] }],
    [{ message: "no" }, { text: "no" }],
    [{ detail: "no" }, { text: "no" }],
    [{ msg: "no" }, { text: "no" }],
    [{ error: "no" }, { text: "no" }],
    [{ error: ["a", 7, null, "b"] }, { text: "a, 7, b" }],
    [{ error: 7 }, { text: "7" }],
    [
      { error: Array.from({ length: 30 }, () => "a") },
      { text: Array.from({ length: 20 }, () => "a").join(", ") },
    ],
    ["a text", { text: "a text" }],
    ["x".repeat(1000), { text: `${"x".repeat(199)}…` }],
    [7, { text: "" }],
    [null, { text: "" }],
    [
      { error: { message: { detail: [{ msg: "bad", loc: ["body", "a", 0] }] } } },
      { text: "bad", field: "body.a.0" },
    ],
    [{ detail: [{ msg: "bad", loc: ["body", "b"] }] }, { text: "bad", field: "body.b" }],
    [{ detail: ["bad"] }, { text: "", field: null }],
    [{ detail: [{ loc: ["x".repeat(300)] }] }, { field: "x".repeat(200) }],
    [
      {
        error: {
          message: "Provider returned error",
          metadata: { raw: '{"error":{"message":"own"}}', provider_name: "P" },
        },
      },
      { text: "own", provider: "P" },
    ],
    [{ error: { message: "m", metadata: { raw: '[{"error":{"message":"own"}}]' } } }, { text: "own" }],
    [{ error: { message: "m", metadata: { raw: { message: "own" } } } }, { text: "own" }],
    [{ error: { message: "m", metadata: { raw: [{ message: "own" }] } } }, { text: "own" }],
    [{ error: { message: "m", metadata: { raw: "own words" } } }, { text: "own words" }],
    [{ error: { message: "m", metadata: { raw: "x".repeat(1000) } } }, { text: `${"x".repeat(199)}…` }],
    [{ error: { message: "m", metadata: { raw: "" } } }, { text: "m" }],
    [{ provider: "Q", error: { message: "m" } }, { provider: "Q" }],
    [{ error: { message: "m", metadata: { error_type: "t" } } }, { errorType: "t" }],
    [
      { code: "A", type: "B", error: { code: "C", type: "D", status: "E" } },
      { names: ["c", "d", "e", "a", "b"] },
    ],
    [{ error: { code: "x".repeat(300) } }, { names: ["x".repeat(200)] }],
  ])("%j", (body, expected) => {
    expect(readErrorBody(body)).toMatchObject(expected);
  });

  test.each<[unknown, number | null]>([
    [399, null],
    [400, 400],
    ["429", 429],
    [599, 599],
    [600, null],
    ["invalid", null],
  ])("the code %p as a status", (code, codeAsStatus) => {
    expect(readErrorBody({ error: { code } })).toMatchObject({ codeAsStatus });
    expect(readErrorBody({ error: { http_code: code } })).toMatchObject({ codeAsStatus });
  });
});
