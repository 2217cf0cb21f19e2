import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { CallCut } from "../../../src/translate/response/map-finish-reason.ts";
import { DroppedKeys } from "../../../src/translate/stream/dropped-keys.ts";
import type { DroppedMembers } from "../../../src/translate/stream/member-filter.ts";
import { type ArgumentsEnding, ToolArguments } from "../../../src/translate/stream/tool-arguments.ts";

const keepAll = { whenNull: new Set<string>(), whenEmpty: new Set<string>() };
const dropTimeoutAndPages = { whenNull: new Set(["timeout", "other"]), whenEmpty: new Set(["pages"]) };

/** Pushes the pieces and returns what goes out after each, then the ending. */
function run(
  pieces: readonly string[],
  {
    isBuffering = false,
    dropped = keepAll,
    cut = "unexpected",
  }: {
    isBuffering?: boolean;
    dropped?: DroppedMembers;
    cut?: CallCut;
  } = {},
) {
  const toolArguments = new ToolArguments({ isBuffering, dropped: new DroppedKeys(dropped) });
  const sent = pieces.map((piece) => {
    toolArguments.push(piece);
    return toolArguments.take();
  });
  return { sent, ending: toolArguments.finish(cut) };
}

describe("fragments of an object", () => {
  test("[4.5:forward] are forwarded as they come", () => {
    expect(run(['{"a', '":1', "}"])).toEqual({
      sent: ['{"a', '":1', "}"],
      ending: { kind: "complete", rest: "" },
    });
  });

  test("[4.5:empty] no arguments at all become {}", () => {
    expect(run([""])).toEqual({ sent: [""], ending: { kind: "complete", rest: "{}" } });
    expect(run([" \n"])).toEqual({ sent: [""], ending: { kind: "complete", rest: "{}" } });
  });

  test("text behind the object is left out with a warning", () => {
    expect(run(['{"a":1}', '{"a":1}'])).toEqual({
      sent: ['{"a":1}', ""],
      ending: { kind: "complete", rest: "", warning: "text behind the tool arguments was left out" },
    });
  });

  test("text behind the object and blanks is left out with a warning, too; blanks are not", () => {
    const warning = "text behind the tool arguments was left out";
    const ending = { kind: "complete", rest: "" } as const;
    expect(run(["{}  \n", " x"]).ending).toEqual({ ...ending, warning });
    expect(run([`{}${" ".repeat(1000)}x`]).ending).toEqual({ ...ending, warning });
    expect(run(["{}  \n", "\t"]).ending).toEqual(ending);
  });
});

describe("members that the client would refuse", () => {
  test.each([
    ['{"timeout":null}', "{}"],
    ['{"timeout":null,"a":1}', '{"a":1}'],
    ['{"a":1,"timeout":null}', '{"a":1}'],
    ['{"a":1, "timeout" : null , "b":2}', '{"a":1, "b":2}'],
    ['{"timeout":null,"other":null,"a":null}', '{"a":null}'],
    ['{"timeout":"null","a":{"timeout":null}}', '{"timeout":"null","a":{"timeout":null}}'],
    ['{"timeout":nullish}', '{"timeout":nullish}'],
    ['{"pages":"","a":""}', '{"a":""}'],
    ['{"pages":"1-2","a":"x"}', '{"pages":"1-2","a":"x"}'],
    ['{"pages":"\\"","a":"x,}"}', '{"pages":"\\"","a":"x,}"}'],
    ['{"\\u0074imeout":null}', "{}"],
    ['{"a":"},{","b":[{"c":"]"}],"timeout":null}', '{"a":"},{","b":[{"c":"]"}]}'],
  ])("[3.5:nulls 3.5:pages] %s becomes %s at every split", (text, expected) => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { sent, ending } = run([text.slice(0, cut), text.slice(cut)], { dropped: dropTimeoutAndPages });
      const rest = "rest" in ending ? ending.rest : "";
      expect(JSON.stringify(sent.join("") + rest).replaceAll(" ", "")).toBe(
        JSON.stringify(expected).replaceAll(" ", ""),
      );
    }
  });

  test("[3.5:nulls] a member is held back only until its value begins", () => {
    expect(
      run(['{"comm', 'and":"ls', ' -la"', ',"timeout', '":', "nul", "l}"], { dropped: dropTimeoutAndPages })
        .sent,
    ).toEqual(['{"comm', 'and":"ls', ' -la"', "", "", "", "}"]);
  });

  test("[3.5:nulls] whatever the object and the split, exactly the members that are dropped are missing", () => {
    const key = fc.constantFrom("timeout", "time", "other", "pages", "a", "t\\", "pag\u00e9s", "");
    const value = fc.oneof(fc.constantFrom(null, "", "null", "x"), fc.jsonValue({ maxDepth: 2 }));
    const object = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 7 });
    fc.assert(
      fc.property(object, fc.nat(80), fc.constantFrom(0, 2), (entries, cut, indent) => {
        const text = JSON.stringify(Object.fromEntries(entries), null, indent);
        const { sent, ending } = run([text.slice(0, cut), text.slice(cut)], { dropped: dropTimeoutAndPages });
        const kept = entries.filter(
          ([name, item]) =>
            !(item === null && dropTimeoutAndPages.whenNull.has(name)) && !(item === "" && name === "pages"),
        );
        // Through JSON, which knows no -0.
        expect(JSON.parse(sent.join(""))).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(kept))));
        expect(ending).toEqual({ kind: "complete", rest: "" });
      }),
      { numRuns: 5000 },
    );
  });

  test("any object comes through unchanged when nothing is dropped, at any split", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()),
        fc.array(fc.nat(40), { maxLength: 6 }),
        (object, cuts) => {
          const text = JSON.stringify(object);
          const pieces: string[] = [];
          let at = 0;
          for (const size of cuts) {
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          pieces.push(text.slice(at));
          const { sent, ending } = run(pieces);
          expect(sent.join("")).toBe(text);
          expect(ending).toEqual({ kind: "complete", rest: "" });
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("arguments that end badly", () => {
  test("[3.5:cut] a cut text under a normal finish is told as broken off", () => {
    expect(run(['{"a":"li']).ending).toEqual({ kind: "broken-off" });
  });

  test("[3.5:cut-by-length E31] a cut text under a length finish is stopped as it is", () => {
    expect(run(['{"a":"li'], { cut: "expected" }).ending).toEqual({ kind: "cut", rest: "" });
  });

  test.each(["", " ", '{"a":"li', '{"a":1'])(
    "[3.5:cut-by-length] held text %j under a length finish is cut",
    (text) => {
      const { ending } = run([text], { isBuffering: true, cut: "expected" });
      expect(ending).toEqual({ kind: "cut", rest: "" });
    },
  );

  test("[3.5:nulls 3.5:not-object] members are dropped from an object in a string, too", () => {
    const text = JSON.stringify('{"timeout":null,"a":1}');
    const { ending } = run([text], { dropped: dropTimeoutAndPages });
    expect(ending).toEqual({ kind: "complete", rest: '{"a":1}' });
  });

  test("[3.5:repaired] held text that is whole and broken is no cut one, whatever the finish reason", () => {
    const rest = JSON.stringify({ __unparsed_arguments: "{{}" });
    const warning = "tool arguments were no valid JSON";
    for (const cut of ["expected", "possible", "unexpected"] as const) {
      expect(run(["{{}"], { isBuffering: true, cut }).ending).toEqual({ kind: "complete", rest, warning });
    }
  });

  test.each<[string, ArgumentsEnding]>([
    ['{"a":"li', { kind: "broken-off" }],
    ['{"a":1', { kind: "broken-off" }],
    ["", { kind: "complete", rest: "{}" }],
    ['{"a":1}', { kind: "complete", rest: '{"a":1}' }],
  ])("[4.7:early-end] held text %j without a finish reason is not mended", (text, ending) => {
    expect(run([text], { isBuffering: true, cut: "possible" }).ending).toEqual(ending);
  });

  test("[3.5:not-json] forwarded text that is no JSON is told as such", () => {
    expect(run(['{"a":!!']).ending).toEqual({ kind: "not-json", rest: "" });
  });

  test("[3.5:held 3.5:repaired] held text is repaired", () => {
    expect(run(['{"a":1,', "}"], { isBuffering: true })).toEqual({
      sent: ["", ""],
      ending: {
        kind: "complete",
        rest: '{"a":1}',
        warning: "tool arguments were no valid JSON and were repaired",
      },
    });
  });

  test("[3.5:held 3.5:repaired] held text that cannot be repaired is shown to the model", () => {
    expect(run(['{"a":!!'], { isBuffering: true }).ending).toEqual({
      kind: "complete",
      rest: '{"__unparsed_arguments":"{\\"a\\":!!"}',
      warning: "tool arguments were no valid JSON",
    });
  });

  test.each([
    ['"{\\"a\\":1}"', '{"a":1}'],
    ["[1,2]", '{"value":[1,2]}'],
    ["7", '{"value":7}'],
    ['"x"', '{"value":"x"}'],
  ])("[3.5:not-object] JSON that is no object: %s becomes %s", (text, expected) => {
    expect(run([text])).toEqual({ sent: [""], ending: { kind: "complete", rest: expected } });
  });
});
