import type { Repair, RepairRules } from "../protocols/protocol.ts";
import { keep } from "./keep.ts";
import type { UpstreamLessons } from "./learned-store.ts";
import type { LessonKind } from "./lesson.ts";

/** Where the repairs of a wire are kept, and as which kind. */
export interface KeptRepairs {
  lessons: UpstreamLessons;
  kind: LessonKind;
}

interface ModelLesson<Fix> {
  repair: Fix;
  /** From this time on, one request is sent without the repair. */
  doubtedAtMs: number;
}

const doubtMs = 60 * 60_000;
/** A kept repair that was not seen again for so long is doubted by the first request. */
const oldMs = 7 * 24 * 60 * 60_000;
/** Per model, dropping the oldest first: some repairs name a tool, and tool names come from clients. */
const maxLessons = 100;

/** The repairs that all requests of a model need, as they are kept, and when each is to be doubted. */
export class ModelLessons<Body, Fix extends Repair> {
  readonly #rules: Pick<RepairRules<Body, Fix>, "key" | "apply" | "parse">;
  readonly #kept: KeptRepairs;
  #ofModel = new Map<string, Map<string, ModelLesson<Fix>>>();
  #revision = 0;

  constructor(rules: Pick<RepairRules<Body, Fix>, "key" | "apply" | "parse">, kept: KeptRepairs) {
    this.#rules = rules;
    this.#kept = kept;
  }

  /** Whether there are none, of no model. */
  isEmpty(nowMs: number): boolean {
    if (this.#revision !== this.#kept.lessons.revision) this.#takeOver(nowMs);
    return this.#ofModel.size === 0;
  }

  /** The model's repairs, without the first one that is due for a doubt. One request at a time doubts it. */
  recall(model: string, nowMs: number): Fix[] {
    const lessons = [...(this.#ofModel.get(model)?.values() ?? [])];
    const doubted = lessons.find(({ doubtedAtMs }) => doubtedAtMs <= nowMs);
    if (doubted !== undefined) doubted.doubtedAtMs = nowMs + doubtMs;
    return lessons.filter((lesson) => lesson !== doubted).map(({ repair }) => repair);
  }

  /** `from`: the refusal that asked for the repair. */
  learn(model: string, repair: Fix, { nowMs, from }: { nowMs: number; from: string }): void {
    const key = this.#rules.key(repair);
    this.#keep(model, { repair, doubtedAtMs: nowMs + doubtMs });
    const { lessons, kind } = this.#kept;
    lessons.learn(kind, model, { key, value: repair, from });
  }

  /** Forgets the repairs that would have changed what the model accepted. */
  noteTaken(model: string, taken: Body): void {
    const ofThis = this.#ofModel.get(model);
    for (const [key, { repair }] of ofThis ?? []) {
      if (this.#rules.apply(taken, repair) === taken) continue;
      ofThis?.delete(key);
      this.#kept.lessons.forget(this.#kept.kind, model, key);
    }
  }

  #keep(model: string, lesson: ModelLesson<Fix>): void {
    const ofThis = this.#ofModel.get(model) ?? new Map<string, ModelLesson<Fix>>();
    keep(ofThis, this.#rules.key(lesson.repair), lesson, maxLessons);
    keep(this.#ofModel, model, ofThis);
  }

  /** Takes over what the file has. What is known here keeps its time of doubt. */
  #takeOver(nowMs: number): void {
    const { lessons, kind } = this.#kept;
    this.#revision = lessons.revision;
    const before = this.#ofModel;
    this.#ofModel = new Map();
    for (const lesson of lessons.list(kind)) {
      const repair = this.#rules.parse(lesson.value);
      if (repair === null) continue;
      const known = before.get(lesson.model)?.get(this.#rules.key(repair));
      const dueMs = lessons.ageMs(lesson) > oldMs ? nowMs : nowMs + doubtMs;
      this.#keep(lesson.model, { repair, doubtedAtMs: known?.doubtedAtMs ?? dueMs });
    }
  }
}
