import type { FoundSecret, SecretFinder } from "./secret-finder.ts";

/**
 * Takes secrets out of a text that comes in pieces. The first three characters of a secret stay, so that nothing has to
 * be held back before a fourth has come: ordinary text often ends in the first letters of a key. The output does not
 * depend on how the text is cut into pieces.
 */
export class SecretFilter {
  readonly #finder: SecretFinder;
  readonly #replacement: string;
  /** The end of the text, starting where a secret may have begun. */
  #pending = "";
  /** How much of the pending text was already returned. */
  #given = 0;

  constructor(finder: SecretFinder, replacement: string) {
    this.#finder = finder;
    this.#replacement = replacement;
  }

  /** Takes a piece; returns the text that may be sent now, which is "" while a secret may be coming. */
  push(piece: string): string {
    const isApart = this.#pending.length === 1 && !this.#finder.mayJoin(this.#pending, piece);
    if (isApart) this.#keep("", 0);
    const text = this.#pending === "" ? piece : this.#pending + piece;
    const found = this.#finder.find(text, 0);
    // Nearly all pieces contain nothing of a secret, or end with a character that could begin one.
    const isOrdinary = found === null || (found.isOpen && found.start === text.length - 1);
    if (!isOrdinary) return this.#filter(text, found);
    const given = this.#given;
    if (found === null) this.#keep("", 0);
    else this.#keep(text.charAt(found.start), 1);
    return given === 0 ? text : text.slice(given);
  }

  /** Returns what was held back; the next piece begins a new text. */
  finish(): string {
    // The added character occurs in no secret, so no part of the text stays open.
    const text = `${this.#pending}\0`;
    return this.#filter(text, this.#finder.find(text, 0)).slice(0, -1);
  }

  #filter(text: string, first: FoundSecret | null): string {
    let given = this.#given;
    let out = "";
    for (let found = first; found !== null; ) {
      if (found.isOpen) {
        const end = this.#findOpenEnd(text, found);
        this.#keep(text.slice(found.start), Math.max(given, end) - found.start);
        return out + text.slice(given, end);
      }
      if (found.wholeEnd !== null) {
        out += text.slice(given, found.shownEnd) + this.#replacement;
        given = found.wholeEnd;
      }
      found = this.#finder.find(text, found.wholeEnd ?? found.start + 1);
    }
    this.#keep("", 0);
    return out + text.slice(given);
  }

  #keep(pending: string, given: number): void {
    this.#pending = pending;
    this.#given = given;
  }

  /** How much of the text may be shown, however the secrets at `first` and after it turn out. */
  #findOpenEnd(text: string, first: FoundSecret): number {
    let end = first.shownEnd;
    for (let found: FoundSecret | null = first; found !== null; ) {
      end = Math.min(end, found.shownEnd);
      found = this.#finder.find(text, found.start + 1);
    }
    return end;
  }
}
