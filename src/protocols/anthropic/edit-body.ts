import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { beginOfValue, type JsonEntry, listEntries, textOfBytes } from "../../json/list-entries.ts";
import { type Splice, spliceBytes } from "../../json/splice-bytes.ts";
import { billingLineStart, withoutBillingLine } from "../../translate/conversation/read-system.ts";
import { envelopePrefix } from "../../translate/reasoning/reasoning-envelope.ts";

/** What is changed in the body of a request that is passed on. Every byte beside that stays. */
export interface BodyEdits {
  /** Top-level members by name: a value stands in for that of the client, or is added; null takes the member out. */
  readonly members: ReadonlyMap<string, unknown>;
  /**
   * Which thinking blocks are taken out: those with an envelope of ours, which no Anthropic server can read, or all.
   * Searches that another upstream made go too: their pages are not sealed, as that server seals its own.
   */
  readonly withoutThinking: "ours" | "any";
  /** Takes out the line for Anthropic's accounts. */
  readonly withoutBilling: boolean;
}

/** A body after its edits. */
export interface EditedBody {
  /** The very same object as before if nothing had to be changed. */
  bytes: Uint8Array;
  /** Thinking blocks that were taken out. */
  removedBlocks: number;
}

const sealMember = "encrypted_content";

/** Edits a body, which must be JSON that was parsed before, an object. Yields every few milliseconds. */
export function* editBody(bytes: Uint8Array, edits: BodyEdits): Generator<void, EditedBody> {
  const { members, withoutBilling } = edits;
  const mark = edits.withoutThinking === "ours" ? envelopePrefix : "thinking";
  const marks = [mark, sealMember].filter((one) => contains(bytes, one));
  const hasBilling = withoutBilling && contains(bytes, billingLineStart);
  const editor = new BodyEditor(bytes);
  const entries = yield* listEntries(bytes, beginOfValue(bytes));
  const removed = new Set<JsonEntry>();
  const missing = new Set(members.keys());
  for (const entry of entries) {
    const { key } = entry;
    if (key === null) continue;
    missing.delete(key);
    const value = members.get(key);
    if (value === null) removed.add(entry);
    else if (value !== undefined) editor.replaceValue(entry, value);
    else if (key === "messages" && marks.length > 0) yield* editor.removeForeign(entry, mark, marks);
    else if (key === "system" && hasBilling && (yield* editor.removeBilling(entry))) removed.add(entry);
  }
  editor.remove(entries, removed);
  const added = [...members].filter(([name, value]) => value !== null && missing.has(name));
  editor.add(entries.at(-1)?.valueEnd ?? bytes.length - 1, added, removed.size < entries.length);
  return { bytes: spliceBytes(bytes, editor.splices), removedBlocks: editor.removedBlocks };
}

/** Gathers the changes of one body. */
class BodyEditor {
  readonly splices: Splice[] = [];
  removedBlocks = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  replaceValue({ valueStart, valueEnd }: JsonEntry, value: unknown): void {
    const text = JSON.stringify(value);
    const before = textOfBytes(this.#bytes, valueStart, valueEnd);
    // Written otherwise, it may be the same value.
    if (before === text || JSON.stringify(JSON.parse(before)) === text) return;
    this.splices.push({ start: valueStart, end: valueEnd, text });
  }

  /** Adds members behind the last one. */
  add(at: number, members: readonly (readonly [string, unknown])[], hasOthers: boolean): void {
    const texts = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    if (texts.length === 0) return;
    this.splices.push({ start: at, end: at, text: (hasOthers ? "," : "") + texts.join(",") });
  }

  /** Takes entries of one list or object out, each with one of the commas beside it. */
  remove(entries: readonly JsonEntry[], removed: ReadonlySet<JsonEntry>): void {
    if (removed.size === 0) return;
    let hasKept = false;
    for (const [index, entry] of entries.entries()) {
      if (!removed.has(entry)) hasKept = true;
      else if (hasKept) this.#cut(entries[index - 1]?.valueEnd ?? entry.start, entry.valueEnd);
      else this.#cut(entry.start, entries[index + 1]?.start ?? entry.valueEnd);
    }
  }

  /** A message of which nothing is left is taken out as a whole: Anthropic refuses messages without content. */
  *removeForeign(messages: JsonEntry, mark: string, marks: readonly string[]): Generator<void, void> {
    if (this.#bytes[messages.valueStart] !== 0x5b) return;
    const all = yield* listEntries(this.#bytes, messages.valueStart);
    const emptied = new Set<JsonEntry>();
    for (const message of all) {
      if (!marks.some((one) => this.#holds(message, one)) || this.#bytes[message.valueStart] !== 0x7b)
        continue;
      const members = yield* listEntries(this.#bytes, message.valueStart);
      const content = members.findLast(({ key }) => key === "content");
      if (content === undefined || this.#bytes[content.valueStart] !== 0x5b) continue;
      const blocks = yield* listEntries(this.#bytes, content.valueStart);
      const thinking = new Set(blocks.filter((block) => this.#isThinking(block, mark)));
      this.removedBlocks += thinking.size;
      const removed = new Set([...thinking, ...this.#ownSearches(blocks)]);
      if (removed.size > 0 && removed.size === blocks.length) emptied.add(message);
      else this.remove(blocks, removed);
    }
    this.remove(all, emptied);
  }

  /** True if nothing is left of the system prompt. */
  *removeBilling(system: JsonEntry): Generator<void, boolean> {
    if (this.#bytes[system.valueStart] !== 0x5b) {
      const text = this.#parse(system.valueStart, system.valueEnd);
      if (typeof text !== "string") return false;
      const rest = withoutBillingLine(text);
      if (rest !== "") this.replaceValue(system, rest);
      return rest === "" && text !== "";
    }
    const blocks = yield* listEntries(this.#bytes, system.valueStart);
    const emptied = new Set<JsonEntry>();
    for (const block of blocks) {
      const text = this.#holds(block, billingLineStart) ? this.#parseObject(block)?.["text"] : undefined;
      if (typeof text !== "string") continue;
      const rest = withoutBillingLine(text);
      if (rest === "") emptied.add(block);
      else yield* this.#replaceText(block, rest);
    }
    if (emptied.size > 0 && emptied.size === blocks.length) return true;
    this.remove(blocks, emptied);
    return false;
  }

  *#replaceText(block: JsonEntry, text: string): Generator<void, void> {
    for (const member of yield* listEntries(this.#bytes, block.valueStart))
      if (member.key === "text") this.replaceValue(member, text);
  }

  #isThinking(block: JsonEntry, mark: string): boolean {
    const value = this.#holds(block, mark) ? this.#parseObject(block) : null;
    if (value === null) return false;
    const { type, signature, data } = value;
    if (type !== "thinking" && type !== "redacted_thinking") return false;
    const sealed = type === "thinking" ? signature : data;
    return mark !== envelopePrefix || (typeof sealed === "string" && sealed.startsWith(envelopePrefix));
  }

  /** The results of searches whose pages are not sealed, and their calls. */
  #ownSearches(blocks: readonly JsonEntry[]): JsonEntry[] {
    const ids = new Set<unknown>();
    for (const block of blocks) {
      if (!this.#holds(block, sealMember)) continue;
      const { type, content, tool_use_id: id } = this.#parseObject(block) ?? {};
      if (type === "web_search_tool_result" && isUnsealed(content)) ids.add(id);
    }
    if (ids.size === 0) return [];
    return blocks.filter((block) => {
      const { type, id, tool_use_id: usedId } = this.#parseObject(block) ?? {};
      return type === "server_tool_use" ? ids.has(id) : type === "web_search_tool_result" && ids.has(usedId);
    });
  }

  #holds({ valueStart, valueEnd }: JsonEntry, mark: string): boolean {
    return contains(this.#bytes.subarray(valueStart, valueEnd), mark);
  }

  #parseObject({ valueStart, valueEnd }: JsonEntry): JsonObject | null {
    const value = this.#parse(valueStart, valueEnd);
    return isJsonObject(value) ? value : null;
  }

  #parse(start: number, end: number): unknown {
    return JSON.parse(textOfBytes(this.#bytes, start, end));
  }

  #cut(start: number, end: number): void {
    this.splices.push({ start, end, text: "" });
  }
}

function isUnsealed(content: unknown): boolean {
  if (!Array.isArray(content) || content.length === 0) return false;
  return content.every((page: unknown) => isJsonObject(page) && page[sealMember] === "");
}

function contains({ buffer, byteOffset, byteLength }: Uint8Array, mark: string): boolean {
  return Buffer.from(buffer, byteOffset, byteLength).includes(mark);
}
