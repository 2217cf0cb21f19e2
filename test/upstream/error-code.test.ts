import { expect, test } from "bun:test";
import { errorCode } from "../../src/upstream/error-code.ts";

test.each<[unknown, string]>([
  [Object.assign(new Error("a"), { code: "ECONNRESET" }), "ECONNRESET"],
  [Object.assign(new Error("a"), { code: "" }), "Error"],
  [Object.assign(new Error("a"), { code: 7 }), "Error"],
  [new TypeError("a"), "TypeError"],
  ["http://host/?key=secret", "unknown"],
  [null, "unknown"],
])("the code of %p is %s", (error, code) => {
  expect(errorCode(error)).toBe(code);
});
