import { expect, test } from "bun:test";
import { readBase64 } from "../../../src/translate/conversation/read-base64.ts";

/** A data URL whose comma has this position. */
const urlOf = (comma: number) => `${"data:image/png;a=".padEnd(comma - ";base64".length, "b")};base64,QQ==`;

test("the head of a data URL is looked for in its first 200 characters", () => {
  const read = (data: string) => readBase64({ media_type: "image/jpeg", data });
  expect(read(urlOf(199))).toEqual({ media_type: "image/png", data: "QQ==" });
  expect(read(urlOf(200))).toEqual({ media_type: "image/jpeg", data: urlOf(200) });
});
