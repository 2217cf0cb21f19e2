import type { ProtocolId } from "../profiles/protocol-id.ts";

/** Name of the file in the state folder that keeps what was learned. */
export const learnedFileName = "learned.json";

/** What can be learned of a model: its window, the wire it is asked on, its prompt's tag, the repairs of a wire. */
export type LessonKind = "window" | "wire" | "think-tag" | `${ProtocolId}-repair`;

/** The kinds in the order in which people read them. */
export const lessonKinds: readonly LessonKind[] = [
  "window",
  "wire",
  "think-tag",
  "chat-repair",
  "responses-repair",
  "anthropic-repair",
];

/** One thing that an answer of an upstream taught us about one of its models. */
export interface Lesson {
  /** Host, port and path of the upstream: `openrouter.ai/api/v1`. */
  readonly upstream: string;
  readonly kind: LessonKind;
  /** The id that the upstream is asked for. */
  readonly model: string;
  /** Of two lessons of a kind about a model with the same key the later one counts. */
  readonly key: string;
  /** A JSON value; whoever reads it checks it, because another version may have written it. */
  readonly value: unknown;
  /** When it was learned or seen again, in milliseconds since 1970. */
  readonly atMs: number;
  /** The answer that taught it: status and words of a refusal, without keys; or the id of a request. */
  readonly from: string;
  /** It turned out to be untrue. It stays for a while, so that no other process brings it back. */
  readonly isForgotten: boolean;
}

/** Someone cleared lessons: those of this upstream and model up to this time count no more. Null stands for all. */
export interface Clearing {
  readonly upstream: string | null;
  readonly model: string | null;
  readonly atMs: number;
}

/** Everything that was learned. */
export interface Lessons {
  readonly lessons: readonly Lesson[];
  readonly clearings: readonly Clearing[];
}

/** Tells a lesson from all others of its kind. */
export function lessonId(upstream: string, model: string, key: string): string {
  return `${upstream}\n${model}\n${key}`;
}

/** Whether the lesson was cleared. */
export function isCleared({ upstream, model, atMs }: Lesson, clearings: readonly Clearing[]): boolean {
  return clearings.some((clearing) => covers(clearing, upstream, model) && atMs <= clearing.atMs);
}

/** Whether the clearing is about this model of this upstream. */
export function covers(clearing: Clearing, upstream: string, model: string): boolean {
  return (
    (clearing.upstream === null || clearing.upstream === upstream) &&
    (clearing.model === null || clearing.model === model)
  );
}
