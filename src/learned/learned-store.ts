import { identifyFile } from "../files/identify-file.ts";
import { createOnceWarner } from "../files/once-warner.ts";
import { keep } from "./keep.ts";
import type { LearnedFileOptions } from "./learned-file.ts";
import {
  type Clearing,
  covers,
  isCleared,
  type Lesson,
  type LessonKind,
  type Lessons,
  lessonId,
} from "./lesson.ts";

export interface LearnedStoreOptions {
  /** The file that keeps what is learned, in the state folder, which is created if it is missing. Null keeps it in memory. */
  filePath: string | null;
  /** Called with a problem of the file, each once. Nothing else fails because of it. */
  warn(message: string, cause: unknown): void;
  /** Takes keys out of a text. */
  redact(text: string): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** How long to gather lessons before they are written; shorter in tests. */
  writeDelayMs?: number;
}

/** What was learned of one upstream. */
export interface UpstreamLessons {
  /** Changes whenever lessons came out of the file, or were cleared there. */
  readonly revision: number;
  /** The lesson that counts now, or null. */
  find(kind: LessonKind, model: string, key?: string): Lesson | null;
  /** All lessons of a kind, the oldest first. */
  list(kind: LessonKind): Lesson[];
  /** How long ago it was learned or seen again, in milliseconds. */
  ageMs(lesson: Lesson): number;
  /** `from`: the answer that taught it; keys are taken out of it, and only its beginning is kept. */
  learn(kind: LessonKind, model: string, lesson: { key?: string; value: unknown; from: string }): void;
  /** Takes a lesson back, in all processes. */
  forget(kind: LessonKind, model: string, key?: string): void;
}

/** What was learned of all upstreams, and the file that keeps it. */
export interface LearnedStore {
  /** `address`: as `upstreamAddress` gives it. */
  ofUpstream(address: string): UpstreamLessons;
  /**
   * Has to be called before what was learned is used for a request. Null if there is nothing to wait for, which is
   * nearly always: the file is read before the first request, and again after somebody else has written it, which is
   * looked for once a second. The promise never rejects.
   */
  load(): Promise<void> | null;
  /** Writes what was learned since the last write. Never rejects. */
  close(): Promise<void>;
}

const usualWriteDelayMs = 2_000;
/** How often to look whether somebody else has changed the file. */
const checkMs = 1_000;
/** A lesson that is seen again within this time is not written again. */
const freshMs = 24 * 60 * 60_000;
/** Longest upstream, model or key that is kept, in characters; model ids come from clients. */
const longestName = 300;
/** Characters of the answer that taught something. */
const longestFrom = 200;

/** Creates the store; reads nothing yet. */
export function createLearnedStore(options: LearnedStoreOptions): LearnedStore {
  return new FiledLessons(options);
}

/** What is learned of one upstream, until the program ends. */
export function createLessonsInMemory(): UpstreamLessons {
  const store = createLearnedStore({ filePath: null, warn() {}, redact: (text) => text, now: Date.now });
  return store.ofUpstream("");
}

class FiledLessons implements LearnedStore {
  readonly #options: LearnedStoreOptions;
  readonly #warner: ReturnType<typeof createOnceWarner>;
  /** Of each kind, by their ids; the ones forgotten are among them. */
  #ofKind = new Map<LessonKind, Map<string, Lesson>>();
  #clearings: readonly Clearing[] = [];
  /** Learned or forgotten since the last write. */
  #unsaved: Lesson[] = [];
  #revision = 0;
  #timer: Timer | null = null;
  /** One after the other: reading and writing the file. */
  #work: Promise<void> = Promise.resolve();
  #reading: Promise<void> | null = null;
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  /** The file as it was when it was last read or written; null for none. */
  #identity: string | null = null;
  /** The file as it was when we had just written it. */
  #written: string | null = null;

  constructor(options: LearnedStoreOptions) {
    this.#options = options;
    this.#warner = createOnceWarner(options.warn);
  }

  ofUpstream(address: string): UpstreamLessons {
    const revision = () => this.#revision;
    const find = (kind: LessonKind, model: string, key = "") => {
      const lesson = this.#ofKind.get(kind)?.get(lessonId(address, model, key));
      return lesson === undefined || lesson.isForgotten ? null : lesson;
    };
    return {
      get revision() {
        return revision();
      },
      find,
      list: (kind) =>
        [...(this.#ofKind.get(kind)?.values() ?? [])].filter(
          ({ upstream, isForgotten }) => upstream === address && !isForgotten,
        ),
      ageMs: ({ atMs }) => this.#options.now() - atMs,
      learn: (kind, model, { key = "", value, from }) => {
        const known = find(kind, model, key);
        const isKnown = known !== null && Bun.deepEquals(known.value, value);
        if (isKnown && this.#options.now() - known.atMs < freshMs) return;
        const words = this.#options.redact(from).slice(0, longestFrom);
        this.#note({ upstream: address, kind, model, key, value, from: words, isForgotten: false });
      },
      forget: (kind, model, key = "") => {
        if (find(kind, model, key) === null) return;
        this.#note({ upstream: address, kind, model, key, value: null, from: "", isForgotten: true });
      },
    };
  }

  load(): Promise<void> | null {
    const { filePath, now } = this.#options;
    if (filePath === null || this.#reading !== null) return this.#reading;
    if (Math.abs(now() - this.#checkedAtMs) < checkMs) return null;
    this.#checkedAtMs = now();
    if (identifyFile(filePath) === this.#identity) return null;
    this.#reading = this.#enqueue(() => this.#read(filePath)).finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { filePath } = this.#options;
    return filePath === null || this.#unsaved.length === 0
      ? this.#work
      : this.#enqueue(() => this.#write(filePath));
  }

  get #file(): LearnedFileOptions {
    const { now, filePath } = this.#options;
    const noteWritten = () => {
      this.#written = filePath === null ? null : identifyFile(filePath);
    };
    return { nowMs: now(), warn: this.#warner.warn, noteWritten };
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(step);
    return this.#work;
  }

  #note(lesson: Omit<Lesson, "atMs">): void {
    const { upstream, kind, model, key } = lesson;
    if ([upstream, model, key].some((name) => name.length > longestName || name.includes("\n"))) return;
    const lessons = this.#ofKind.get(kind) ?? new Map<string, Lesson>();
    this.#ofKind.set(kind, lessons);
    const id = lessonId(upstream, model, key);
    // Newer than what it replaces, also where the clock was set back.
    const before = this.#clearings.filter((clearing) => covers(clearing, upstream, model));
    const olderMs = Math.max(0, lessons.get(id)?.atMs ?? 0, ...before.map(({ atMs }) => atMs));
    const noted = { ...lesson, atMs: Math.max(this.#options.now(), olderMs + 1) };
    keep(lessons, id, noted);
    if (this.#options.filePath === null) return;
    this.#unsaved.push(noted);
    this.#timer ??= setTimeout(() => this.close(), this.#options.writeDelayMs ?? usualWriteDelayMs).unref();
  }

  async #read(filePath: string): Promise<void> {
    const { readLearnedFile, noLessons } = await import("./learned-file.ts");
    // Taken before the file is read: one that is replaced meanwhile is read again.
    const identity = identifyFile(filePath);
    this.#identity = identity;
    try {
      // Whoever removes the file wants everything forgotten that was in it.
      const read = identity === null ? noLessons : await readLearnedFile(filePath, this.#file);
      this.#adopt(read);
    } catch (error) {
      this.#warner.warn(`Cannot read ${filePath}; what was learned before is not known.`, error);
    }
  }

  async #write(filePath: string): Promise<void> {
    const added = this.#unsaved;
    this.#unsaved = [];
    const { updateLearnedFile } = await import("./learned-file.ts");
    try {
      const merged = await updateLearnedFile(filePath, { lessons: added, clearings: [] }, this.#file);
      this.#identity = this.#written;
      this.#adopt(merged);
      this.#warner.forget();
    } catch (error) {
      // They are written with the next lesson.
      this.#unsaved = [...added, ...this.#unsaved].slice(-mostUnsaved);
      this.#warner.warn(`Cannot write ${filePath}; what is learned is kept in memory only.`, error);
    }
  }

  /** Takes over what the file has. What is not written yet stays, unless it was cleared there. */
  #adopt({ lessons, clearings }: Lessons): void {
    this.#clearings = clearings;
    const all = new Map<LessonKind, Map<string, Lesson>>();
    for (const lesson of [...lessons, ...this.#unsaved]) {
      const { kind, upstream, model, key, atMs } = lesson;
      const ofKind = all.get(kind) ?? new Map<string, Lesson>();
      all.set(kind, ofKind);
      const id = lessonId(upstream, model, key);
      if (!isCleared(lesson, clearings) && (ofKind.get(id)?.atMs ?? 0) <= atMs) keep(ofKind, id, lesson);
    }
    if (!Bun.deepEquals(all, this.#ofKind)) this.#revision += 1;
    this.#ofKind = all;
  }
}

/** While the file cannot be written. */
const mostUnsaved = 1_000;
