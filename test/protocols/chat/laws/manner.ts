import fc from "fast-check";

/** Families' own ways to write a call. */
const notations = ["hermes", "coder", "dsml", "kimi", "mistral", "gemma"] as const;

/** How an upstream tells an answer. Each of these was seen at some server (rule 0.13). */
export interface Manner {
  /** Lengths of the pieces into which texts are cut. */
  sizes: number[];
  /** The field or the form of the reasoning. */
  reasoningAs:
    | "reasoning"
    | "reasoning_content"
    | "reasoning_text"
    | "both"
    | "details-text"
    | "details-summary"
    | "details-beside-text"
    | "tags"
    | "parts";
  /** Reasoning that only the upstream can read comes too. */
  isEncrypted: boolean;
  contentAs: "string" | "parts";
  callsAs: "pieces" | "object" | "text-of-text" | "function_call" | "leaked";
  /** Of calls that are leaked. */
  notation: (typeof notations)[number];
  index: "own" | "none" | "zero";
  /** Deltas of the calls one after the other, or in turns. */
  isInterleaved: boolean;
  /** A call begins with arguments, and its name follows. */
  hasLateName: boolean;
  hasNoIds: boolean;
  /** `{}` stands before the arguments (a gateway before Bedrock). */
  hasPlaceholder: boolean;
  /** The name of a call comes in pieces. */
  cutsNames: boolean;
  /** Calls of one tool that follow each other come as one, their arguments behind each other (Gemini). */
  joinsCalls: boolean;
  /** Such calls come in turns with others, too: a part of one may come when it was over. */
  mixesJoined: boolean;
  /** A list in the arguments is written as a text (MiniMax). */
  wrapsLists: boolean;
  /** Calls come in a choice of their own (GitHub Copilot). */
  hasCallsApart: boolean;
  isSigned: boolean;
  usageIn: "last" | "every" | "finish" | "choice" | "x_groq" | "behind-done";
  /** Members that say nothing are there, as null or "". */
  hasEmptyMembers: boolean;
  /** `finish_reason` comes with the last delta. */
  finishesWithDelta: boolean;
  eol: "\n" | "\r\n" | "\r";
  /** One line break between events. */
  isTight: boolean;
  /** What comes before each event as a sign of life. */
  heartbeat: string[];
  hasComments: boolean;
  hasBlank: boolean;
  hasDone: boolean;
}

export const manners: fc.Arbitrary<Manner> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }),
  reasoningAs: fc.constantFrom(
    "reasoning",
    "reasoning_content",
    "reasoning_text",
    "both",
    "details-text",
    "details-summary",
    "details-beside-text",
    "tags",
    "parts",
  ),
  isEncrypted: fc.boolean(),
  contentAs: fc.constantFrom("string", "string", "parts"),
  callsAs: fc.constantFrom("pieces", "pieces", "pieces", "object", "text-of-text", "function_call", "leaked"),
  notation: fc.constantFrom(...notations),
  index: fc.constantFrom("own", "own", "none", "zero"),
  isInterleaved: fc.boolean(),
  hasLateName: fc.boolean(),
  hasNoIds: fc.boolean(),
  hasPlaceholder: fc.boolean(),
  cutsNames: fc.boolean(),
  joinsCalls: fc.boolean(),
  mixesJoined: fc.constant(false),
  wrapsLists: fc.boolean(),
  hasCallsApart: fc.boolean(),
  isSigned: fc.boolean(),
  usageIn: fc.constantFrom("last", "every", "finish", "choice", "x_groq", "behind-done"),
  hasEmptyMembers: fc.boolean(),
  finishesWithDelta: fc.boolean(),
  eol: fc.constantFrom("\n", "\r\n", "\r"),
  isTight: fc.boolean(),
  heartbeat: fc.constantFrom([], [], ["data: ping"], ["event: ping", "data: keep-alive"]),
  hasComments: fc.boolean(),
  hasBlank: fc.boolean(),
  hasDone: fc.boolean(),
});

/** Manners that keep what is said apart: nothing is written into the text. */
export const orderlyManners: fc.Arbitrary<Manner> = manners.map((manner) => ({
  ...manner,
  reasoningAs: manner.reasoningAs === "tags" ? "reasoning" : manner.reasoningAs,
  callsAs: manner.callsAs === "leaked" ? "pieces" : manner.callsAs,
}));
