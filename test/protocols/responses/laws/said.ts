import fc from "fast-check";

type Json = { [member: string]: unknown };

/** What an upstream says with one output item. */
export type SaidItem =
  | { kind: "reasoning"; summary: string[]; content: string[]; blob: string | null }
  | { kind: "message"; parts: { isRefusal: boolean; text: string }[] }
  | { kind: "call"; id: string; name: string; input: Json }
  | { kind: "search"; query: string };

const words = fc
  .array(fc.constantFrom("a", "b ", "é", "漢字", "👩‍👩‍👧", "\n", "[DONE]", '{"', "\\", "data: "), {
    minLength: 1,
    maxLength: 6,
  })
  .map((chosen) => `${chosen.join("")}.`);
const input = fc
  .record({ path: words, count: fc.nat(), more: fc.jsonValue({ maxDepth: 2 }) }, { requiredKeys: [] })
  .map((object): Json => ({ ...object }));

const item: fc.Arbitrary<SaidItem> = fc.oneof(
  fc.record({
    kind: fc.constant("reasoning" as const),
    summary: fc.array(words, { maxLength: 2 }),
    content: fc.array(words, { maxLength: 1 }),
    blob: fc.option(fc.stringMatching(/^gA[a-z]{4,9}$/), { nil: null }),
  }),
  fc.record({
    kind: fc.constant("message" as const),
    parts: fc.array(fc.record({ isRefusal: fc.boolean(), text: words }), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant("call" as const),
    id: fc.stringMatching(/^call_[a-z0-9]{8}$/),
    name: fc.constantFrom("Read", "Bash", "Unknown"),
    input,
  }),
  fc.record({ kind: fc.constant("search" as const), query: words }),
);

/** An answer: its items, calls with ids of their own and blobs that differ. */
export const answers = fc
  .array(item, { maxLength: 6 })
  .map((items) => items.map((one, place) => withOwnIds(one, place)));

function withOwnIds(one: SaidItem, place: number): SaidItem {
  if (one.kind === "call") return { ...one, id: `${one.id}${place}` };
  if (one.kind !== "reasoning" || one.blob === null) return one;
  return { ...one, blob: `${one.blob}${place}` };
}

/** How an upstream tells an answer on this wire. */
export interface Manner {
  /** Lengths of the pieces into which texts are cut. */
  sizes: number[];
  /** Without an index, items are told apart by their ids. */
  hasIndex: boolean;
  /** Every event has another id. */
  rotatesIds: boolean;
  announces: boolean;
  /** Texts and arguments come in pieces. */
  hasPieces: boolean;
  hasPartEvents: boolean;
  endsTexts: boolean;
  endsItems: boolean;
  /** The terminal event lists the output. */
  listsOutput: boolean;
  /** Calls that follow each other are mixed. */
  mixesCalls: boolean;
  argumentsAsObject: boolean;
  hasDone: boolean;
}

export const manners: fc.Arbitrary<Manner> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
    hasIndex: fc.boolean(),
    rotatesIds: fc.boolean(),
    announces: fc.boolean(),
    hasPieces: fc.boolean(),
    hasPartEvents: fc.boolean(),
    endsTexts: fc.boolean(),
    endsItems: fc.boolean(),
    listsOutput: fc.boolean(),
    mixesCalls: fc.boolean(),
    argumentsAsObject: fc.boolean(),
    hasDone: fc.boolean(),
  })
  .map((manner) => ({
    ...manner,
    // What is never told cannot arrive: names of calls, blobs and searches are in announcements or ends only.
    rotatesIds: manner.hasIndex && manner.rotatesIds,
    announces: manner.announces || !manner.hasIndex || !(manner.endsItems && !manner.mixesCalls),
    listsOutput: manner.listsOutput || !manner.endsItems,
  }));
