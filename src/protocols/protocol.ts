import type { Profile } from "../profiles/profile.ts";
import type { RequestPart } from "../tokens/request-part.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { AnswerTranslator } from "../translate/answer/answer-translator.ts";
import type { TranslatorOptions } from "../translate/answer/translator-options.ts";
import type { Asked } from "../translate/conversation/asked.ts";
import type { RepairScope } from "../translate/refusals/repair-scope.ts";
import type { AnswerDecoder } from "../upstream/answer-decoder.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";

/** The upstream, model and profile of a request. */
export interface Target {
  /** The model id requested from the upstream. */
  model: string;
  /** The profile with which the request was read. */
  profile: Profile;
}

/** How to build a request once more after its upstream refused to read the reasoning in it (rule 6.4). */
export interface Recovery {
  /** Leaves out opaque reasoning and adds a placeholder for unknown reasoning. */
  withoutOpaqueReasoning?: boolean;
  /** Replaces the placeholder for unknown reasoning. */
  emptyReasoningAs?: "";
  /** responses: reasoning goes back with the ids it came with (rule 25.4 B). */
  withReasoningIds?: true;
  /** responses: only the reasoning since the user's last text goes back (rule 25.4 C). */
  newestReasoningOnly?: true;
}

/** A request in the form of one wire, with the facts about it for the answer's translation and for the log. */
export interface BuiltRequest<Body> {
  /** The body to send, as JSON. */
  body: Body;
  plan: AnswerPlan;
  /** Field names that were dropped, for the log. */
  dropped: readonly string[];
  /** What was mended or changed in the conversation, for the log, each once. */
  mended: readonly string[];
}

/** A change to a request that an upstream's refusal requires: data, so that it can be stored. */
export interface Repair {
  scope: RepairScope;
}

/** The repairs that one wire knows. All functions are pure. */
export interface RepairRules<Body, Fix extends Repair> {
  /** The change with which the upstream may accept a request that it refused, or null. */
  find(error: UpstreamError, sent: Body, profile: Profile): Fix | null;
  /** The change to try when this one, made before, did not help; null if there is none. */
  nextAfter?(vain: Fix, sent: Body, profile: Profile): Fix | null;
  /** The changed request; the same object if nothing changes. */
  apply(body: Body, repair: Fix): Body;
  /** Adapts the plan of a request that was changed after it had been built. */
  suitPlan(plan: AnswerPlan, built: Body, sent: Body): AnswerPlan;
  /** How to build the request once more for this repair; null for one that changes the built request. */
  recoveryOf(repair: Fix): Recovery | null;
  /** Whether the repair lowers the output limit. */
  lowersOutput(repair: Fix): boolean;
  /** A short description of the repair, for the log. */
  describe(repair: Fix): string;
  /** The repair of scope `model` that was kept as this JSON value; null if it is none that this version knows. */
  parse(value: unknown): Fix | null;
  /** The key of a repair: of two with the same key the later one counts. */
  key(repair: Fix): string;
  /** The trait of a request that a refusal with this repair was about; null if numbers or one request are at fault. */
  refusedTrait(repair: Fix): string | null;
  /** Adds the traits of an accepted request, with at most `mostFields` of its own fields. */
  addTraits(traits: Set<string>, taken: Body, mostFields: number): void;
}

/** Watches an answer for a body that is no answer (rule 4.8). */
export interface AnswerWatch<Item> {
  /** Takes an item, or a whole answer. */
  see(item: Item): void;
  /**
   * The error for an answer that ends here, with or without its end mark, and gave no reason; null if it is no error.
   */
  failure(isDone: boolean): UpstreamError | null;
}

/**
 * One wire between us and an upstream: request out, answer in, refusals. Pure, except for the translator and the watch
 * of an answer, which are machines without clock and I/O. To add one: docs/contributing.md.
 */
export interface Protocol<Body extends object, Item, Fix extends Repair> {
  /** Where requests are posted, below the base URL, e.g. `/chat/completions`. */
  readonly path: string;
  /** Builds the upstream request for the client's request. */
  build(asked: Asked, target: Target & Recovery): BuiltRequest<Body>;
  /** The same in parts: a hundred thousand messages take 60 ms. */
  buildInParts(asked: Asked, target: Target): Generator<void, BuiltRequest<Body>>;
  /** Whether the request asks for a stream. */
  isStreamed(body: Body): boolean;
  /** The parts of a request that its upstream charges. */
  listParts(body: Body): RequestPart[];
  readonly decoder: AnswerDecoder<Item>;
  createWatch(): AnswerWatch<Item>;
  createTranslator(options: TranslatorOptions): AnswerTranslator<Item>;
  /** The whole answer to a request for no output. */
  readonly emptyAnswer: Item;
  readonly repairs: RepairRules<Body, Fix>;
}

/** A protocol whose types are known only inside: it calls `use` with itself. */
export type AnyProtocol = <Result>(
  use: <Body extends object, Item, Fix extends Repair>(protocol: Protocol<Body, Item, Fix>) => Result,
) => Result;
