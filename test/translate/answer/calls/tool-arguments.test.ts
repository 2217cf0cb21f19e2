import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { CallCut } from "../../../../src/translate/answer/calls/call-cut.ts";
import { type MemberRuleSet, MemberRules } from "../../../../src/translate/answer/calls/member-rules.ts";
import {
  type ArgumentsEnding,
  ToolArguments,
} from "../../../../src/translate/answer/calls/tool-arguments.ts";

const keepAll: MemberRuleSet = {
  whenNull: new Set<string>(),
  whenEmpty: new Set<string>(),
  allowed: null,
  structured: new Map(),
  mayHaveMembers: true,
};
const dropTimeoutAndPages = {
  ...keepAll,
  whenNull: new Set(["timeout", "other"]),
  whenEmpty: new Set(["pages"]),
};

/** Pushes the pieces and returns what goes out after each, then the ending. */
function run(
  pieces: readonly string[],
  {
    isBuffering = false,
    rules = keepAll,
    cut = "unexpected",
  }: {
    isBuffering?: boolean;
    rules?: MemberRuleSet;
    cut?: CallCut;
  } = {},
) {
  const toolArguments = new ToolArguments({ isBuffering, rules: new MemberRules(rules) });
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

  test("[3.5:placeholder] an object without members waits until the end, and gives way to another one", () => {
    expect(run(["{", " }", ""])).toEqual({ sent: ["", "", ""], ending: { kind: "complete", rest: "{ }" } });
    const ending = { kind: "complete", rest: "" } as const;
    expect(run(["{}", '{"a', '":1}'])).toEqual({ sent: ["", '{"a', '":1}'], ending });
    expect(run(["{} ", '{}{"a":1}'])).toEqual({ sent: ["", '{"a":1}'], ending });
  });

  test.each(["}", "]}", " ", "</tool_call>", "\n```\n", "<|call|>", "} </function>\n</tool_call> "])(
    "[3.5:behind] %j behind the object says nothing",
    (behind) => {
      const warning = behind.trim() === "" ? {} : { warning: "text behind the tool arguments was left out" };
      const whole = run(['{"a":1}', behind]);
      expect(whole).toEqual({ sent: ['{"a":1}', ""], ending: { kind: "complete", rest: "", ...warning } });
      const held = run([`{"a":1}${behind}`], { isBuffering: true });
      expect(held.ending).toEqual({ kind: "complete", rest: '{"a":1}', ...warning });
    },
  );

  test.each([
    ', "limit": 10}',
    "x",
    ' {"b":2',
    '{"b":2} x',
    '{"b":2,}',
    "[1]",
    '"b"',
    "1",
    '</tool_call>{"b":2}',
    "<a",
  ])("[3.5:behind] %j behind the object may be part of the call: all is handed on as it is", (behind) => {
    const rest = behind.trimStart();
    expect(run(['{"a":1}', behind])).toEqual({ sent: ['{"a":1}', ""], ending: { kind: "not-json", rest } });
    expect(run([`{"a":1}${behind}`], { isBuffering: true }).ending).toEqual({
      kind: "complete",
      rest: JSON.stringify({ __unparsed_arguments: `{"a":1}${rest}` }),
      warning: "tool arguments were no valid JSON",
    });
  });

  test("[3.5:behind] behind an object that is no JSON nothing is taken for a call", () => {
    expect(run(['{"a":!}{"b":2}']).ending).toEqual({ kind: "not-json", rest: '{"b":2}' });
  });

  const several = "arguments of several calls came in one";
  const twice = "arguments that came twice were taken once";
  const cutOff = "a tool call that was cut off was left out";

  test.each<[behind: string, others: string[], warning: string]>([
    ['{"a":2}', ['{"a":2}'], several],
    [' \n{"a":2}{"a":3}</tool_call>', ['{"a":2}', '{"a":3}'], several],
    ['{"a":2}{}', ['{"a":2}'], several],
    ['{"a":1}', [], twice],
    ['{"a": 1}{"a":1}', [], twice],
    ['{"a":2}{"a":1}{"a":2}', ['{"a":2}'], several],
    ["{}", [], twice],
  ])("[3.5:several] %j behind the object is further calls, each once", (behind, others, warning) => {
    const ending = { kind: "complete", rest: "", others, warning } as const;
    expect(run(['{"a":1}', behind])).toEqual({ sent: ['{"a":1}', ""], ending });
    const held = run([`{"a":1}${behind}`], { isBuffering: true });
    expect(held.ending).toEqual({ ...ending, rest: '{"a":1}' });
  });

  test("[3.5:several] members are mended in each of several calls", () => {
    const rules = { ...keepAll, whenNull: new Set(["b"]) };
    const { ending } = run(['{"a":1,"b":null}{"a":2,"b":null}'], { rules });
    expect(ending).toEqual({ kind: "complete", rest: "", others: ['{"a":2}'], warning: several });
  });

  test.each<[CallCut, ArgumentsEnding]>([
    ["expected", { kind: "complete", rest: "", others: ['{"a":2}'], warning: cutOff }],
    ["possible", { kind: "broken-off" }],
    ["unexpected", { kind: "not-json", rest: '{"a":2}{"a":' }],
  ])("[3.5:several] the last of several calls breaks off, which is %s", (cut, ending) => {
    expect(run(['{"a":1}', '{"a":2}{"a":'], { cut })).toEqual({ sent: ['{"a":1}', ""], ending });
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
      const { sent, ending } = run([text.slice(0, cut), text.slice(cut)], { rules: dropTimeoutAndPages });
      const rest = "rest" in ending ? ending.rest : "";
      expect(JSON.stringify(sent.join("") + rest).replaceAll(" ", "")).toBe(
        JSON.stringify(expected).replaceAll(" ", ""),
      );
    }
  });

  test("[3.5:nulls] a member is held back only until its value begins", () => {
    expect(
      run(['{"comm', 'and":"ls', ' -la"', ',"timeout', '":', "nul", "l}"], { rules: dropTimeoutAndPages })
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
        const { sent, ending } = run([text.slice(0, cut), text.slice(cut)], { rules: dropTimeoutAndPages });
        const kept = entries.filter(
          ([name, item]) =>
            !(item === null && dropTimeoutAndPages.whenNull.has(name)) && !(item === "" && name === "pages"),
        );
        // Through JSON, which knows no -0.
        const rest = entries.length === 0 ? "{}" : "";
        expect(JSON.parse(sent.join("") + rest)).toEqual(
          JSON.parse(JSON.stringify(Object.fromEntries(kept))),
        );
        expect(ending).toEqual({ kind: "complete", rest });
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
          // An object without members waits for what may take its place.
          const rest = text === "{}" ? text : "";
          expect(sent.join("") + rest).toBe(text);
          expect(ending).toEqual({ kind: "complete", rest });
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("members that the schema does not know", () => {
  const rules = { ...keepAll, whenNull: new Set(["limit"]), allowed: new Set(["limit", "path", "t\\"]) };

  test.each([
    ['{"a":null}', "{}"],
    ['{"path":"a","timeout":null}', '{"path":"a"}'],
    ['{"timeout" : null , "path":null}', '{"path":null}'],
    ['{"timeout":1,"limit":null,"":null}', '{"timeout":1}'],
    ['{"\\u0070ath":null,"t\\\\":null,"x\\"":null}', '{"\\u0070ath":null,"t\\\\":null}'],
    ['{"a":nullish}', '{"a":nullish}'],
    ['{"a\n":null}', '{"a\n":null}'],
  ])("[3.5:nulls] are dropped where it forbids them: %s becomes %s at every split", (text, expected) => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { sent, ending } = run([text.slice(0, cut), text.slice(cut)], { rules });
      const rest = "rest" in ending ? ending.rest : "";
      expect((sent.join("") + rest).replaceAll(" ", "")).toBe(expected);
    }
  });
});

describe("a list or an object that is written as a text", () => {
  const list = { isList: true, isObject: false };
  const object = { isList: false, isObject: true };
  const structured = new Map([
    ["todos", list],
    ["options", object],
    ["either", { isList: true, isObject: true }],
  ]);
  const rules = { ...keepAll, structured };

  test.each([
    ['{"todos":"[1, 2]"}', '{"todos":[1, 2]}'],
    ['{"a":1, "todos" : " [] " ,"b":"[1]"}', '{"a":1, "todos" : [] ,"b":"[1]"}'],
    ['{"options":"{\\"a\\":9007199254740993}"}', '{"options":{"a":9007199254740993}}'],
    ['{"either":"{}","todos":[1]}', '{"either":{},"todos":[1]}'],
    ['{"either":"[\\"\\\\\\"]\\"]"}', '{"either":["\\"]"]}'],
    ['{"todos":"{}"}', '{"todos":"{}"}'],
    ['{"options":"[1]"}', '{"options":"[1]"}'],
    ['{"todos":"write it"}', '{"todos":"write it"}'],
    ['{"todos":"5"}', '{"todos":"5"}'],
    ['{"todos":""}', '{"todos":""}'],
    ['{"todos":"[1,]"}', '{"todos":[1]}'],
    ['{"todos":"[\\"a\\nb\\"]"}', '{"todos":["a\\nb"]}'],
    ['{"todos":"[1,\n2]"}', '{"todos":[1,\n2]}'],
    ['{"todos":null}', '{"todos":null}'],
    ['{"\\u0074odos":"[]"}', '{"\\u0074odos":[]}'],
    ['{"a":{"todos":"[]"}}', '{"a":{"todos":"[]"}}'],
  ])("[3.5:structured] %j becomes %j at every split", (text, expected) => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { sent, ending } = run([text.slice(0, cut), text.slice(cut)], { rules });
      expect(ending).toEqual({ kind: "complete", rest: "" });
      expect(sent.join("")).toBe(expected);
    }
  });

  test("[3.5:structured] is held until its end, and what breaks off in it goes out as it is", () => {
    expect(run(['{"todos":', '"[1', ',2]"', ',"a":"x'], { rules }).sent).toEqual([
      "{",
      "",
      '"todos":[1,2]',
      ',"a":"x',
    ]);
    expect(run(['{"todos":"[1'], { rules, cut: "expected" }).ending).toEqual({
      kind: "cut",
      rest: '"todos":"[1',
    });
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
    const { ending } = run([text], { rules: dropTimeoutAndPages });
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
    ["null", "{}"],
    [" null\n", "{}"],
    ["9007199254740993", '{"value":9007199254740993}'],
  ])("[3.5:not-object] JSON that is no object: %s becomes %s", (text, expected) => {
    expect(run([text])).toEqual({ sent: [""], ending: { kind: "complete", rest: expected } });
  });
});
