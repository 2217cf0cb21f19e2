import type { Profile } from "../profiles/profile.ts";
import type { RequestPart } from "../tokens/request-part.ts";
import type { AnswerPlan } from "../translate/answer/answer-plan.ts";
import type { AnswerTranslator } from "../translate/answer/answer-translator.ts";
import type { TranslatorOptions } from "../translate/answer/translator-options.ts";
import type { Asked } from "../translate/conversation/asked.ts";
import type { AnswerDecoder } from "../upstream/answer-decoder.ts";
import type { Endpoint } from "../upstream/upstream-client.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";

/** Where a request goes. */
export interface Target {
  /** The model id the upstream is asked for. */
  model: string;
  /** The one that the request was read for. */
  profile: Profile;
}

/** How a request is built once more after its upstream refused to read the reasoning in it (rule 6.4). */
export interface Recovery {
  /** Opaque reasoning is left out and unknown reasoning filled in. */
  withoutOpaqueReasoning?: boolean;
  /** Replaces the stand-in for unknown reasoning. */
  emptyReasoningAs?: "";
}

/** A request in the form of one wire, with what the way back and the log need to know of it. */
export interface BuiltRequest<Body> {
  /** What is sent, as JSON. */
  body: Body;
  plan: AnswerPlan;
  /** Field names that were dropped, for the log. */
  dropped: readonly string[];
  /** What was mended or changed in the conversation, for the log, each once. */
  repairs: readonly string[];
}

/** For whom a repair that helped is remembered. */
export type RepairScope =
  /** For nobody: it fits this one request only. */
  | "request"
  /** For ten minutes, and for the conversation only. */
  | "conversation"
  /** For all requests of the model; one an hour is sent without it, which shows whether it is still needed. */
  | "model";

/** A change to a request that an upstream's refusal asks for: data, so that it can be kept. */
export interface Repair {
  scope: RepairScope;
}

/** The repairs that one wire knows. All pure. */
export interface RepairRules<Body, Fix extends Repair> {
  /** The change that may make the upstream take a request that it refused, or null. */
  find(error: UpstreamError, sent: Body, profile: Profile): Fix | null;
  /** The changed request; the very same where nothing is to be changed. */
  apply(body: Body, repair: Fix): Body;
  /** The plan of a request that was changed after it had been built. */
  suitPlan(plan: AnswerPlan, built: Body, sent: Body): AnswerPlan;
  /** How to build the request once more for this repair; null for one that changes the built request. */
  recoveryOf(repair: Fix): Recovery | null;
  /** Whether the repair lowers the output limit. */
  lowersOutput(repair: Fix): boolean;
  /** The repair in a few words, for the log. */
  describe(repair: Fix): string;
  /** What the repair is about: of two with the same key the later one counts. */
  key(repair: Fix): string;
  /** The trait of a request that a refusal with this repair was about; null where numbers or one request are at fault. */
  refusedTrait(repair: Fix): string | null;
  /** Adds the traits of a request that was taken, of its own fields `mostFields` at most. */
  addTraits(traits: Set<string>, taken: Body, mostFields: number): void;
}

/** Watches an answer for what came instead of one (rule 4.8). */
export interface AnswerWatch<Item> {
  /** Takes an item, or a whole answer. */
  see(item: Item): void;
  /** The error that the answer is if it ends here, by its mark of the end or without it, and gave no reason; else null. */
  failure(isDone: boolean): UpstreamError | null;
}

/**
 * One wire between us and an upstream: request out, answer in, refusals. Pure, but for the translator and the watch of an
 * answer, which are machines without clock and I/O. Adding one: docs/contributing.md.
 */
export interface Protocol<Body extends object, Item, Fix extends Repair> {
  readonly endpoint: Endpoint;
  /** Builds the request for what the client asks. */
  build(asked: Asked, target: Target & Recovery): BuiltRequest<Body>;
  /** The same in parts: a hundred thousand messages take 60 ms. */
  buildInParts(asked: Asked, target: Target): Generator<void, BuiltRequest<Body>>;
  /** Whether the request asks for a stream. */
  isStreamed(body: Body): boolean;
  /** The parts of a request that its upstream charges for. */
  listParts(body: Body): RequestPart[];
  readonly decoder: AnswerDecoder<Item>;
  createWatch(): AnswerWatch<Item>;
  createTranslator(options: TranslatorOptions): AnswerTranslator<Item>;
  /** The whole answer to a request for no output. */
  readonly emptyAnswer: Item;
  readonly repairs: RepairRules<Body, Fix>;
}

/** A protocol whose types only it knows: `use` is called with it. */
export type AnyProtocol = <Result>(
  use: <Body extends object, Item, Fix extends Repair>(protocol: Protocol<Body, Item, Fix>) => Result,
) => Result;
