import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type BodyEdits, editBody } from "../../../src/protocols/anthropic/edit-body.ts";
import { runAtOnce } from "../../../src/turns/run-steps.ts";

const none: BodyEdits = { members: new Map(), withoutThinking: "ours", withoutBilling: false };

function edit(body: string, edits: Partial<BodyEdits>): string {
  return Buffer.from(runAtOnce(editBody(Buffer.from(body), { ...none, ...edits })).bytes).toString();
}

const withModel = (model: string) => ({ members: new Map([["model", model]]) });

describe("the model", () => {
  test.each([
    ['{"model":"a"}', '{"model":"b"}'],
    [' \n{ "model" : "a" , "x" : 1 } ', ' \n{ "model" : "b" , "x" : 1 } '],
    [
      '{"x":{"model":"a"},"y":["model","a"],"z":"\\"model\\":\\"a\\"","model":"a"}',
      '{"x":{"model":"a"},"y":["model","a"],"z":"\\"model\\":\\"a\\"","model":"b"}',
    ],
    [
      '{"model":"a","n":12345678901234567890,"model":"c"}',
      '{"model":"b","n":12345678901234567890,"model":"b"}',
    ],
    ['{"mod\\u0065l":"a"}', '{"mod\\u0065l":"b"}'],
    ['\ufeff{"model":"a"}', '\ufeff{"model":"b"}'],
    ['{"x":1}', '{"x":1,"model":"b"}'],
    ["{}", '{"model":"b"}'],
    ['{"x":-1.5e+3,"model":null,"y":true}', '{"x":-1.5e+3,"model":"b","y":true}'],
    ['{"x":"\\\\","model":"a\\\\\\""}', '{"x":"\\\\","model":"b"}'],
  ])("%s becomes %s", (body, wanted) => {
    expect(edit(body, withModel("b"))).toBe(wanted);
  });

  test("that is the same already leaves the very same object, however it is written", () => {
    const bytes = Buffer.from('{"model":"\\u0062"}');
    expect(runAtOnce(editBody(bytes, { ...none, ...withModel("b") })).bytes).toBe(bytes);
  });
});

describe("whatever the document is", () => {
  const blank = fc.constantFrom("", "", " ", "\n\t", "\r\n ");
  /** A JSON object as somebody may write it, with blanks and escapes of his own, and `model` somewhere in it. */
  const document = fc
    .record({
      members: fc.array(fc.tuple(fc.string(), fc.jsonValue({ maxDepth: 4 }), blank, blank), { maxLength: 6 }),
      model: fc.string({ unit: "binary" }),
      at: fc.nat(6),
      isEscaped: fc.boolean(),
      indent: fc.constantFrom(0, 1, 3),
    })
    .map(({ members, model, at, isEscaped, indent }) => {
      const write = (value: unknown) => {
        const text = JSON.stringify(value, null, indent);
        return isEscaped
          ? text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
          : text;
      };
      const others = members.filter(([name]) => name !== "model");
      const texts = others.map(
        ([name, value, one, other]) => `${one}${write(name)}${other}:${one}${write(value)}${other}`,
      );
      const before = texts
        .slice(0, at)
        .map((text) => `${text},`)
        .join("");
      const after = texts
        .slice(at)
        .map((text) => `,${text}`)
        .join("");
      return { before: `{${before}"model" :`, model: write(model), after: `${after}}` };
    });

  test("no byte but the model changes", () => {
    fc.assert(
      fc.property(document, fc.string({ unit: "binary" }), ({ before, model, after }, wanted) => {
        const edited = edit(before + model + after, withModel(wanted));
        const isSame = JSON.parse(model) === wanted;
        // Both sides are texts of the same bytes: what is no text in UTF-8 is replaced alike.
        const text = (value: string) => Buffer.from(value).toString();
        expect(edited).toBe(text(`${before}${isSame ? model : JSON.stringify(wanted)}${after}`));
      }),
      { numRuns: 300 },
    );
  });

  test("members that are taken out leave JSON with all the others", () => {
    const values = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), fc.jsonValue({ maxDepth: 2 }), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(
        values,
        fc.subarray(["a", "b", "c", "d", "e"]),
        fc.constantFrom(0, 2),
        (value, out, indent) => {
          const members = new Map<string, unknown>(out.map((name) => [name, null]));
          const edited: unknown = JSON.parse(edit(JSON.stringify(value, null, indent), { members }));
          const kept = Object.fromEntries(Object.entries(value).filter(([name]) => !out.includes(name)));
          expect(edited).toEqual(JSON.parse(JSON.stringify(kept)));
        },
      ),
    );
  });
});

describe("thinking", () => {
  const own = '{"type":"thinking","thinking":"a","signature":"ccp1.x"}';
  const ownHidden = '{"type":"redacted_thinking","data":"ccp1.x"}';
  const theirs = '{"type":"thinking","thinking":"a","signature":"Eqx"}';
  const text = '{"type":"text","text":"{\\"type\\":\\"thinking\\",\\"signature\\":\\"ccp1.x\\"}"}';
  const said = (...blocks: string[]) =>
    `{"messages":[{"role":"user","content":"hi"}, {"role":"assistant","content":[${blocks.join(" , ")}]} ,{"role":"user","content":"ccp1.thinking"}]}`;

  test.each([
    [[own, text], [text]],
    [[text, own], [text]],
    [
      [own, ownHidden, theirs, own, text],
      [theirs, text],
    ],
    [[theirs, own], [theirs]],
    [
      [theirs, text],
      [theirs, text],
    ],
  ])("of ours is left out: case %#", (blocks, kept) => {
    expect(edit(said(...blocks), {})).toBe(said(...kept));
  });

  test("is left out whoever made it, if that is wanted", () => {
    expect(edit(said(theirs, own, text), { withoutThinking: "any" })).toBe(said(text));
  });

  test("[30.1:own-thinking] that is all of a message takes the message with it", () => {
    expect(JSON.parse(edit(said(own, ownHidden), {}))).toEqual({
      messages: [
        { role: "user", content: "hi" },
        { role: "user", content: "ccp1.thinking" },
      ],
    });
  });

  test("is looked for in messages alone", () => {
    const body = `{"system":[${own}],"x":{"messages":[{"content":[${own}]}]},"messages":[{"content":"ccp1."},{"content":null},7,"ccp1."]}`;
    expect(edit(body, {})).toBe(body);
  });
});

describe("a search", () => {
  const text = `{"type":"text","text":"yes"}`;
  const use = (id: string) =>
    `{"type":"server_tool_use","id":"${id}","name":"web_search","input":{"query":"q"}}`;
  const found = (id: string, ...sealed: string[]) =>
    `{"type":"web_search_tool_result","tool_use_id":"${id}","content":[${sealed
      .map((seal) => `{"type":"web_search_result","url":"u","title":"t", "encrypted_content": "${seal}"}`)
      .join(",")}]}`;
  const failed = `{"type":"web_search_tool_result","tool_use_id":"c","content":{"type":"web_search_tool_result_error","error_code":"unavailable"}}`;
  const said = (...blocks: string[]) =>
    `{"messages":[{"role":"assistant","content":[${blocks.join(", ")}]}]}`;

  test.each([
    [[use("a"), found("a", "", ""), text], [text]],
    [
      [use("b"), found("b", "sealed"), use("a"), found("a", ""), text],
      [use("b"), found("b", "sealed"), text],
    ],
    [
      [use("b"), found("b", "sealed", ""), text],
      [use("b"), found("b", "sealed", ""), text],
    ],
    [
      [use("c"), failed, use("d"), found("d")],
      [use("c"), failed, use("d"), found("d")],
    ],
  ])("that another upstream made is left out, with its call: case %#", (blocks, kept) => {
    expect(edit(said(...blocks), {})).toBe(said(...kept));
  });

  test("is left out beside thinking of ours", () => {
    const thinking = `{"type":"thinking","thinking":"Hm.","signature":"ccp1.blob"}`;
    expect(edit(said(thinking, use("a"), found("a", ""), text), {})).toBe(said(text));
  });
});

describe("the billing line", () => {
  const line = "x-anthropic-billing-header: cc_version=2.1.332; cc_entrypoint=cli";
  const block = (text: string) => `{"type":"text","text":${JSON.stringify(text)}}`;
  const out = { withoutBilling: true };

  test.each([
    [`{"system":[${block(line)},${block("You are")}]}`, `{"system":[${block("You are")}]}`],
    [`{"system":[${block(`${line}\nYou are`)}],"x":1}`, `{"system":[${block("You are")}],"x":1}`],
    [`{"x":1, "system":[${block(line)}] ,"y":2}`, `{"x":1 ,"y":2}`],
    [`{"system":${JSON.stringify(`${line}\nYou are`)}}`, `{"system":"You are"}`],
    [`{"system":${JSON.stringify(line)},"x":1}`, `{"x":1}`],
    [`{"system":[${block(`Mind: ${line}`)}]}`, `{"system":[${block(`Mind: ${line}`)}]}`],
    [`{"messages":[${block(line)}]}`, `{"messages":[${block(line)}]}`],
  ])("%s becomes %s", (body, wanted) => {
    expect(edit(body, out)).toBe(wanted);
  });

  test("[30.1:billing] stays for Anthropic", () => {
    const body = `{"system":[${block(line)}]}`;
    expect(edit(body, {})).toBe(body);
  });
});

test("a large body is edited in many steps", () => {
  const body = JSON.stringify({
    messages: Array.from({ length: 60_000 }, () => ({ content: "x".repeat(100) })),
    model: "a",
  });
  const steps = editBody(Buffer.from(body), { ...none, ...withModel("b") });
  let yields = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) yields += 1;
  expect(yields).toBeGreaterThanOrEqual(3);
  expect(Buffer.from(step.value.bytes).toString()).toBe(body.replace('"model":"a"', '"model":"b"'));
});
