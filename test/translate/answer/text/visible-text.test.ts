import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { TextPiece } from "../../../../src/translate/answer/text/think-tags.ts";
import { VisibleText, type VisibleTextOptions } from "../../../../src/translate/answer/text/visible-text.ts";

const plain: VisibleTextOptions = {
  thinkTags: "off",
  dropsLoneThinkTag: true,
  loneThinkTag: null,
  stopSequences: [],
  prefill: null,
};

/** All pieces of a text that comes in the given parts, neighbours of a kind joined. */
function show(parts: readonly string[], options: Partial<VisibleTextOptions>) {
  const visible = new VisibleText({ ...plain, ...options });
  const pieces = [...parts.flatMap((part) => visible.push(part)), ...visible.settle()];
  const joined: TextPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else joined.push({ ...piece });
  }
  return { pieces: joined, hit: visible.hit };
}

/** Every split of a text into two, and one into single characters. */
function splits(text: string): string[][] {
  const cuts = Array.from({ length: text.length + 1 }, (_, cut) => [text.slice(0, cut), text.slice(cut)]);
  return [...cuts, [...text]];
}

describe("reasoning in tags", () => {
  test.each<[string, TextPiece[]]>([
    [
      "<think>a</think>b",
      [
        { kind: "thinking", text: "a" },
        { kind: "text", text: "b" },
      ],
    ],
    [
      "\n <think>\na\n</think>\n\nb </think>",
      [
        { kind: "thinking", text: "a" },
        { kind: "text", text: "b </think>" },
      ],
    ],
    [
      "<thinking>a <think> c</thinking>b",
      [
        { kind: "thinking", text: "a <think> c" },
        { kind: "text", text: "b" },
      ],
    ],
    [
      "<think>a<think>b</think>c</think>d",
      [
        { kind: "thinking", text: "a<think>b</think>c" },
        { kind: "text", text: "d" },
      ],
    ],
    [
      "<|channel>thought\na\n<channel|>b",
      [
        { kind: "thinking", text: "a" },
        { kind: "text", text: "b" },
      ],
    ],
    [
      "<|channel>\nthoughts\n<channel|>\nb",
      [
        { kind: "thinking", text: "thoughts" },
        { kind: "text", text: "b" },
      ],
    ],
    ["<|channel>thought\n<channel|>b", [{ kind: "text", text: "b" }]],
    ["<|channel>thought", [{ kind: "text", text: "<|channel>thought" }]],
    ["\n</think>\n\nb</think>", [{ kind: "text", text: "b</think>" }]],
    ["<channel|>b", [{ kind: "text", text: "b" }]],
    ["</think>", []],
    ["</thin", [{ kind: "text", text: "</thin" }]],
    ["a</think>b", [{ kind: "text", text: "a</think>b" }]],
    ["<reasoning></reasoning>b", [{ kind: "text", text: "b" }]],
    ["<think>never closed", [{ kind: "text", text: "<think>never closed" }]],
    ["say <think>a</think>", [{ kind: "text", text: "say <think>a</think>" }]],
    ["<thin ice>", [{ kind: "text", text: "<thin ice>" }]],
    ["<thought>a</thought>", [{ kind: "text", text: "<thought>a</thought>" }]],
    ["<thi", [{ kind: "text", text: "<thi" }]],
  ])("[3.3:think-tags] %j at every split", (text, expected) => {
    for (const parts of splits(text)) expect(show(parts, { thinkTags: "auto" }).pieces).toEqual(expected);
  });

  test("[3.3:think-tags] a closing tag alone stays where the server knows its own", () => {
    for (const parts of splits("</think>b")) {
      const shown = show(parts, { thinkTags: "auto", dropsLoneThinkTag: false });
      expect(shown.pieces).toEqual([{ kind: "text", text: "</think>b" }]);
    }
  });

  test("[3.3:think-tags] <thought> is a tag on gemini only", () => {
    expect(show(["<thought>a</thought>b"], { thinkTags: "gemini" }).pieces).toEqual([
      { kind: "thinking", text: "a" },
      { kind: "text", text: "b" },
    ]);
  });

  test("[3.3:think-tags] tags stay where the profile knows none", () => {
    expect(show(["<think>a</think>"], {}).pieces).toEqual([{ kind: "text", text: "<think>a</think>" }]);
  });
});

describe("[3.3:lone-tag] a closing tag alone further on", () => {
  /** What is shown, and what the model is known for behind it. */
  function learned(parts: readonly string[], known: string | null, hasReasoning = false) {
    let tag = known;
    const learn = (shown: string | null) => {
      tag = shown;
    };
    const visible = new VisibleText({ ...plain, thinkTags: "auto", loneThinkTag: { known, learn } });
    if (hasReasoning) visible.noteReasoning();
    const pieces = [...parts.flatMap((part) => visible.push(part)), ...visible.settle()];
    const textOf = (kind: TextPiece["kind"]) =>
      pieces.flatMap((piece) => (piece.kind === kind ? piece.text : [])).join("");
    return { thinking: textOf("thinking"), text: textOf("text"), tag };
  }

  test.each<[string, string | null]>([
    ["a</think>b", "<think>"],
    ["\na\n</thinking>\n\nb", "<thinking>"],
    ["a<channel|>b", "<|channel>"],
    ["a `</think>` b", null],
    ["a <think>b</think>", null],
    ["a", null],
    ["<think>a</think>b</think>", null],
  ])("%j shows that it was opened in the prompt: %j", (text, tag) => {
    for (const parts of splits(text)) expect(learned(parts, null).tag).toBe(tag);
    expect(learned([text], null, true).tag).toBeNull();
  });

  test("is believed from then on: what stands before it is reasoning", () => {
    for (const parts of splits("\na <b>\n</think>\n\nb"))
      expect(learned(parts, "<think>")).toEqual({ thinking: "a <b>", text: "b", tag: "<think>" });
    for (const parts of splits("<think>a</think>b"))
      expect(learned(parts, "<think>")).toEqual({ thinking: "a", text: "b", tag: "<think>" });
  });

  test("is forgotten with an answer that has none", () => {
    for (const parts of splits("\nab")) {
      expect(learned(parts, "<think>")).toEqual({ thinking: "", text: "\nab", tag: null });
      expect(learned(parts, "<think>", true)).toEqual({ thinking: "", text: "\nab", tag: "<think>" });
    }
  });
});

describe("[3.3:channels] the channels of gpt-oss", () => {
  const thinking = (text: string): TextPiece => ({ kind: "thinking", text });
  const said = (text: string): TextPiece => ({ kind: "text", text });

  test.each<[string, TextPiece[]]>([
    [
      "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>",
      [thinking("a"), said("b")],
    ],
    ["<|channel|>final<|message|>b", [said("b")]],
    ["\n<|start|>assistant<|channel|>final<|message|>b < c<|end|>\n", [said("b < c")]],
    ["<|message|>b", [said("b")]],
    ["<|channel|>analysis<|message|>a <|en", [thinking("a <|en")]],
    ["<|channel|>analysis<|message|>a<|channel|>final<|message|>b", [thinking("a"), said("b")]],
    [
      "<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>analysis<|message|>a<|end|>b",
      [said("I look."), thinking("a"), said("b")],
    ],
    [
      "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary to=functions.X json<|message|>{}",
      [thinking("a"), said("<|start|>assistant<|channel|>commentary to=functions.X json<|message|>{}")],
    ],
    ["<|channel|>ana", [said("<|channel|>ana")]],
    ["<|cha", [said("<|cha")]],
    ["<|chapter|> 1", [said("<|chapter|> 1")]],
    ["say <|channel|>analysis<|message|>a", [said("say <|channel|>analysis<|message|>a")]],
    [`<|channel|>${"a".repeat(300)}<|message|>b`, [said(`<|channel|>${"a".repeat(300)}<|message|>b`)]],
  ])("%s at every split", (text, expected) => {
    for (const parts of splits(text)) expect(show(parts, { thinkTags: "auto" }).pieces).toEqual(expected);
  });

  test("stay where the profile knows none", () => {
    const text = "<|channel|>final<|message|>b";
    expect(show([text], {}).pieces).toEqual([said(text)]);
  });
});

describe("stop sequences we watch for", () => {
  test("[1.5:hit E35] the text ends before the first one, at every split", () => {
    for (const parts of splits("foo END bar STOP")) {
      expect(show(parts, { stopSequences: ["STOP", "END"] })).toEqual({
        pieces: [{ kind: "text", text: "foo " }],
        hit: "END",
      });
    }
  });

  test.each([
    ["the first in the text, not in the list", ["STOP", "END"], "a END STOP", "a ", "END"],
    ["the one that is whole first", ["abcd", "bc"], "xabcd", "xa", "bc"],
    ["of two that begin together the shorter", ["STOP!", "STOP"], "a STOP!", "a ", "STOP"],
    ["of two that end together the longer", ["bc", "abc"], "xabc", "x", "abc"],
    ["one inside the beginning of another", ["aab", "aac"], "aaaac", "aa", "aac"],
    ["one of other letters", ["終わり", "ß!"], "aß終わり", "aß", "終わり"],
  ])("[1.5:hit] %s ends it, at every split", (_, stopSequences, text, shown, hit) => {
    for (const parts of splits(text)) {
      expect(show(parts, { stopSequences })).toEqual({ pieces: [{ kind: "text", text: shown }], hit });
    }
  });

  test("[1.5:hit] whatever the sequences and the split, it is the one whose end comes first", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 5 }),
        text,
        fc.nat(30),
        (sequences, said, cut) => {
          const ends = Array.from({ length: said.length }, (_, end) => end + 1);
          const found = ends.flatMap((end) =>
            sequences
              .filter((sequence) => said.slice(0, end).endsWith(sequence))
              .sort((one, other) => other.length - one.length)
              .map((sequence) => ({ sequence, at: end - sequence.length }))
              .slice(0, 1),
          )[0];
          const expected = said.slice(0, found?.at);
          const { pieces, hit } = show([said.slice(0, cut), said.slice(cut)], { stopSequences: sequences });
          expect(pieces.map((piece) => piece.text).join("")).toBe(expected);
          expect(hit).toBe(found?.sequence ?? null);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("[1.5:watch] the beginning of one that does not come is shown", () => {
    for (const parts of splits("a EN E ENx")) {
      expect(show(parts, { stopSequences: ["END"] })).toEqual({
        pieces: [{ kind: "text", text: "a EN E ENx" }],
        hit: null,
      });
    }
  });

  test("[1.5:only-text] reasoning is not watched", () => {
    expect(show(["<think>END</think>ok"], { thinkTags: "auto", stopSequences: ["END"] })).toEqual({
      pieces: [
        { kind: "thinking", text: "END" },
        { kind: "text", text: "ok" },
      ],
      hit: null,
    });
  });
});

describe("prefill", () => {
  test.each<[string, string, TextPiece[]]>([
    ['{"a":1}', '{"a":1}', []],
    ["{", '"a":1}', [{ kind: "text", text: '"a":1}' }]],
    ["Hello w", "Hello", [{ kind: "text", text: "Hello" }]],
  ])("[2.4.8:cut] prefill %j, answer %j", (prefill, answer, expected) => {
    for (const parts of splits(answer)) expect(show(parts, { prefill }).pieces).toEqual(expected);
  });

  test("[2.4.8:cut] a repeated prefill is cut at every split", () => {
    for (const parts of splits("{{}"))
      expect(show(parts, { prefill: "{" }).pieces).toEqual([{ kind: "text", text: "{}" }]);
  });
});
