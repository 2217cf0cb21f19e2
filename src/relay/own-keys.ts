import { ApiError } from "../anthropic/api-error.ts";
import type { MessageBlock } from "../anthropic/message.ts";
import type { ContentBlockDeltaEvent, StreamEvent } from "../anthropic/stream-event.ts";
import { textOfDelta } from "../anthropic/text-of-delta.ts";
import { redactSecrets } from "../secrets/redact-secrets.ts";
import { SecretFilter } from "../secrets/secret-filter.ts";
import { createSecretFinder, type SecretFinder } from "../secrets/secret-finder.ts";
import { isUnguessable } from "../secrets/secret-form.ts";
import { envelopePrefix } from "../translate/reasoning/reasoning-envelope.ts";

/** Keeps the keys of the settings out of what clients are told. */
export interface OwnKeys {
  /** The error without keys in its message; the very same when there are none. */
  redactError(error: ApiError): ApiError;
  /**
   * Creates the filter that takes keys out of the events of one answer; null when there is no key to look for. A key
   * that stands in the body of the request is left in, because the client has it already: a model that edits a file
   * with a key must not garble it.
   */
  createEventFilter(requestBody: Uint8Array): EventFilter | null;
}

/** Takes the events of one answer in their order, and gives those that may go out: fewer while a key may be coming. */
export interface EventFilter {
  filter(events: readonly StreamEvent[]): StreamEvent[];
  /** The same for events that are long, in parts: to look through 10 MB takes 70 ms. */
  filterInParts(events: readonly StreamEvent[]): Generator<void, StreamEvent[]>;
}

const replacement = "redacted";

/** Characters that are looked through between two yields: 7 ms at most. */
const partLength = 1024 * 1024;

/**
 * Makes the guard of the keys. In errors every key of 8 characters is taken out; in what a model says only those that
 * nobody guesses, as a program that it writes may well hold `lm-studio` or `not-needed`.
 */
export function createOwnKeys(keys: readonly string[]): OwnKeys {
  const inErrors = createSecretFinder(keys);
  const inAnswers = keys.filter(isUnguessable).map((key) => ({ key, bytes: Buffer.from(key) }));
  const finderOfAll = createSecretFinder(inAnswers.map(({ key }) => key));
  return {
    redactError(error) {
      if (inErrors === null) return error;
      // guard: key taken out of what errors have become; without it: error.message
      const message = redactSecrets(error.message, inErrors, "…");
      if (message === error.message) return error;
      const { type, status, headers, cause } = error;
      return new ApiError(type, message, { status, headers, cause });
    },
    createEventFilter({ buffer, byteOffset, byteLength }) {
      if (finderOfAll === null) return null;
      const body = Buffer.from(buffer, byteOffset, byteLength);
      const unsaid = inAnswers.filter(({ bytes }) => !body.includes(bytes));
      const isAll = unsaid.length === inAnswers.length;
      const finder = isAll ? finderOfAll : createSecretFinder(unsaid.map(({ key }) => key));
      // guard: key taken out of answers; without it: null
      return finder === null ? null : new SecretEventFilter(finder);
    },
  };
}

/**
 * Filters events last of all, so that no field and no form of an answer is forgotten. Text held back of a block is
 * sent before anything else of that block.
 */
class SecretEventFilter implements EventFilter {
  readonly #finder: SecretFinder;
  readonly #texts: SecretFilter;
  #lastDelta: ContentBlockDeltaEvent | null = null;

  constructor(finder: SecretFinder) {
    this.#finder = finder;
    this.#texts = new SecretFilter(finder, `[${replacement}]`);
  }

  filter(events: readonly StreamEvent[]): StreamEvent[] {
    const out: StreamEvent[] = [];
    for (const event of events) {
      if (event.type === "content_block_delta") this.#pushDelta(event, out);
      else if (event.type === "content_block_start") {
        out.push({ ...event, content_block: this.#cleanBlock(event.content_block) });
      } else if (event.type === "message_delta" && event.delta.stop_details?.explanation != null) {
        const { stop_details: details } = event.delta;
        const stop_details = { ...details, explanation: this.#clean(details.explanation ?? "") };
        out.push({ ...event, delta: { ...event.delta, stop_details } });
      } else {
        if (event.type === "content_block_stop") this.#flush(out);
        out.push(event);
      }
    }
    return out;
  }

  *filterInParts(events: readonly StreamEvent[]): Generator<void, StreamEvent[]> {
    const out: StreamEvent[] = [];
    for (const event of events) {
      const text = event.type === "content_block_delta" ? textOfDelta(event.delta) : null;
      if (event.type !== "content_block_delta" || text === null || text.length <= partLength) {
        out.push(...this.filter([event]));
        continue;
      }
      // However a text is cut, the same comes out.
      const shown: string[] = [];
      for (let at = 0; at < text.length; at += partLength) {
        shown.push(this.#texts.push(text.slice(at, at + partLength)));
        yield;
      }
      this.#show(event, text, shown.join(""), out);
    }
    return out;
  }

  #pushDelta(event: ContentBlockDeltaEvent, out: StreamEvent[]): void {
    const text = textOfDelta(event.delta);
    if (text === null) {
      this.#flush(out);
      out.push(withSignature(event, this.#finder));
      return;
    }
    this.#show(event, text, this.#texts.push(text), out);
  }

  #show(event: ContentBlockDeltaEvent, text: string, shown: string, out: StreamEvent[]): void {
    this.#lastDelta = event;
    if (shown !== "") out.push(shown === text ? event : withText(event, shown));
  }

  #flush(out: StreamEvent[]): void {
    const rest = this.#texts.finish();
    if (rest !== "" && this.#lastDelta !== null) out.push(withText(this.#lastDelta, rest));
    this.#lastDelta = null;
  }

  #cleanBlock(block: MessageBlock): MessageBlock {
    switch (block.type) {
      case "tool_use":
        return { ...block, id: this.#cleanName(block.id), name: this.#cleanName(block.name) };
      case "web_search_tool_result": {
        const content = block.content.map((result) => ({
          ...result,
          url: this.#clean(result.url),
          title: this.#clean(result.title),
        }));
        return { ...block, content };
      }
      case "redacted_thinking":
        return { ...block, data: cleanEnvelope(block.data, this.#finder) };
      default:
        return block;
    }
  }

  #clean(text: string): string {
    return this.#texts.push(text) + this.#texts.finish();
  }

  /** Brackets may be in no id and in no name of a tool. */
  #cleanName(text: string): string {
    return this.#clean(text).replaceAll(`[${replacement}]`, replacement);
  }
}

function withText({ delta, ...event }: ContentBlockDeltaEvent, text: string): ContentBlockDeltaEvent {
  switch (delta.type) {
    case "text_delta":
      return { ...event, delta: { type: delta.type, text } };
    case "thinking_delta":
      return { ...event, delta: { type: delta.type, thinking: text } };
    case "input_json_delta":
      return { ...event, delta: { type: delta.type, partial_json: text } };
    case "signature_delta":
      return { ...event, delta };
  }
}

function withSignature(event: ContentBlockDeltaEvent, finder: SecretFinder): ContentBlockDeltaEvent {
  const { delta } = event;
  if (delta.type !== "signature_delta") return event;
  return { ...event, delta: { type: delta.type, signature: cleanEnvelope(delta.signature, finder) } };
}

/** Reasoning on its way to the client and back is compressed: nobody would see a key in it, but anybody could. */
function cleanEnvelope(envelope: string, finder: SecretFinder): string {
  if (!envelope.startsWith(envelopePrefix)) return envelope;
  // Not imported: it comes with streams, which every start would load for the few answers that have an envelope.
  const { inflateRawSync, deflateRawSync } = process.getBuiltinModule("node:zlib");
  const json = inflateRawSync(Buffer.from(envelope.slice(envelopePrefix.length), "base64url")).toString();
  const cleaned = redactSecrets(json, finder, `[${replacement}]`);
  return cleaned === json ? envelope : envelopePrefix + deflateRawSync(cleaned).toString("base64url");
}
