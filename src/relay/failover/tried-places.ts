import type { Attempt } from "../../logging/request-record.ts";
import type { Exchange } from "../exchange.ts";
import type { Candidate } from "./candidate.ts";

/** What the record holds of one attempt, while others may follow. */
export type AttemptFields = Exchange["fields"];

/**
 * Keeps the record of a request that is tried at several places true: what one attempt noted does not stay for the
 * next one, and every attempt is listed.
 */
export class TriedPlaces {
  readonly #fields: Exchange["fields"];
  /** What was known before the first attempt. */
  readonly #before: AttemptFields;
  readonly #tried: Attempt[] = [];

  constructor({ fields }: Exchange) {
    this.#fields = fields;
    this.#before = { ...fields };
    fields.tried = this.#tried;
  }

  get list(): readonly Attempt[] {
    return this.#tried;
  }

  /** What the attempt so far has noted. */
  take(): AttemptFields {
    return { ...this.#fields };
  }

  /** Brings back what an attempt noted. */
  restore(noted: AttemptFields): void {
    const { attempts, tried } = this.#fields;
    Object.assign(this.#fields, noted, { attempts, tried });
  }

  /** Forgets what the last attempt noted. Who is asked is said by `follow`, once the next one is opened. */
  clear(): void {
    const { upstream, upstreamModel } = this.#fields;
    this.restore({ ...this.#before, upstream, upstreamModel });
  }

  /** Notes who is asked now. */
  follow({ route }: Candidate): void {
    this.#fields.upstream = route.upstream;
    this.#fields.upstreamModel = route.model;
  }

  add({ route: { upstream, model } }: Candidate, what: Omit<Attempt, "upstream" | "model">): void {
    this.#tried.push({ upstream, model, ...what });
  }

  /** Notes that the answer of the last attempt did not come to its end. */
  noteBrokenOff(error: string): void {
    const last = this.#tried.pop();
    if (last !== undefined) this.#tried.push({ ...last, error });
  }
}
