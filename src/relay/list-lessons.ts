import { textOfScalar } from "../json/json-value.ts";
import type { Lesson } from "../learned/lesson.ts";
import { chatProtocol } from "../protocols/chat/chat-protocol.ts";
import { responsesProtocol } from "../protocols/responses/responses-protocol.ts";

/** A lesson in words for people. */
export interface ListedLesson {
  /** Host, port and path. */
  readonly upstream: string;
  /** Its name in the configuration file; null if it has none there. */
  readonly name: string | null;
  readonly model: string;
  readonly kind: Lesson["kind"];
  /** What was learned, for people. */
  readonly what: string;
  readonly value: unknown;
  /** ISO 8601. */
  readonly at: string;
  /** The answer that taught it; `""` if that is not known. */
  readonly from: string;
}

/** The lessons that count, by upstream and model. `names`: of upstreams, by their addresses. */
export function listLessons(
  lessons: readonly Lesson[],
  names: ReadonlyMap<string, string>,
): readonly ListedLesson[] {
  return lessons
    .filter(({ isForgotten }) => !isForgotten)
    .map(({ upstream, model, kind, value, atMs, from, ...lesson }) => ({
      upstream,
      name: names.get(upstream) ?? null,
      model,
      kind,
      what: describeLesson({ kind, value, key: lesson.key }),
      value,
      at: new Date(atMs).toISOString(),
      from,
    }))
    .sort((one, other) => compare(one.upstream, other.upstream) || compare(one.model, other.model));
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function describeLesson({ kind, value, key }: Pick<Lesson, "kind" | "value" | "key">): string {
  switch (kind) {
    case "window":
      return `its window is ${JSON.stringify(value)} tokens`;
    case "wire":
      return `it is asked with the protocol ${textOfScalar(value) ?? "of another version"}`;
    case "think-tag":
      return value === null
        ? "its prompt opens no reasoning"
        : `its prompt opens reasoning with ${textOfScalar(value) ?? "something"}`;
    case "chat-repair":
      return describeRepair(chatProtocol.repairs, value) ?? key;
    case "responses-repair":
      return describeRepair(responsesProtocol.repairs, value) ?? key;
    case "anthropic-repair":
      return key;
  }
}

function describeRepair<Fix>(
  rules: { parse(value: unknown): Fix | null; describe(repair: Fix): string },
  value: unknown,
): string | null {
  const repair = rules.parse(value);
  return repair === null ? null : rules.describe(repair);
}
