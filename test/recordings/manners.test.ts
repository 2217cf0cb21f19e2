import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { manners } from "./manners.ts";
import { quotesOf } from "./quotes-of.ts";
import { fixturesFolder, listRecordings, readAnswer, recordingsFolder } from "./read-answer.ts";
import { shapesOf } from "./shapes-of.ts";

const fixtures = manners.map(({ fixture }) => fixture);

test("each fixture stands for one recording", () => {
  expect(readdirSync(fixturesFolder).sort()).toEqual([...fixtures].sort());
});

test.each(fixtures.filter((name) => name.endsWith(".sse")))("%s says what server it imitates", (name) => {
  const [first = ""] = readFileSync(join(fixturesFolder, name), "utf8").split("\n");
  expect(first).toMatch(/^: .+, .+: .+; written by hand$/);
});

describe("shapes", () => {
  test("are told apart by order, type, emptiness and the words of the wire", () => {
    const chunks = [
      { id: "a", role: "user" },
      { id: "b", role: "user" },
      { role: "user", id: "a" },
      { id: "", role: "user" },
      { id: null, role: "user" },
      { id: 1, role: "tool" },
      { list: [{ n: 1 }, { n: 2 }, "s"], none: [] },
    ];
    expect(shapesOf(chunks)).toEqual([
      '{id:string,role:"user"}',
      '{role:"user",id:string}',
      '{id:"",role:"user"}',
      '{id:null,role:"user"}',
      '{id:number,role:"tool"}',
      "{list:[{n:number}|string],none:[]}",
    ]);
  });
});

describe("quotes", () => {
  const answer = (content: string, id: string, created: number) => [
    { id, created, model: "a-public-name", choices: [{ delta: { content } }] },
  ];

  test("are words in a row, identifiers and times", () => {
    const recording = answer("Then we saw the sea.", "chatcmpl-123456", 1_600_000_000);
    expect(quotesOf(answer("So we saw THE sea!", "chatcmpl-123456", 1_600_000_000), recording)).toEqual([
      "we saw the sea",
      "chatcmpl-123456",
      "1600000000",
    ]);
  });

  test("are not three words, or the name of a model", () => {
    const recording = answer("Then we saw the sea.", "chatcmpl-123456", 1_600_000_000);
    expect(quotesOf(answer("We saw the ships.", "chatcmpl-000001", 1_700_000_000), recording)).toEqual([]);
  });
});

if (recordingsFolder === "") test.skip("fixtures beside recordings (RECORDINGS_DIR is not set)", () => {});
else
  describe.each(listRecordings())("%s", (recording) => {
    const fixture = manners.find((manner) => manner.recording === recording)?.fixture;
    const read = () => ({
      recorded: readAnswer(join(recordingsFolder, recording)),
      written: readAnswer(join(fixturesFolder, fixture ?? "")),
    });

    test("has a fixture", () => {
      expect(fixture).toBeDefined();
    });

    test.skipIf(fixture === undefined)(
      "has a fixture with the same shapes of chunks, in the same order",
      () => {
        const { recorded, written } = read();
        expect(shapesOf(written)).toEqual(shapesOf(recorded));
      },
    );

    test.skipIf(fixture === undefined)("is not quoted by its fixture", () => {
      const { recorded, written } = read();
      expect(quotesOf(written, recorded)).toEqual([]);
    });
  });
