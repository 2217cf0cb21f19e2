import { readWholeNumber } from "../../json/whole-number.ts";
import type { ErrorFacts } from "./error-facts.ts";

/** A prompt that does not fit, in tokens, as far as the upstream gave numbers. */
export interface ContextOverflow {
  /** The prompt. */
  inputTokens: number | null;
  /** The requested output, if it was counted as well. */
  maxTokens: number | null;
  /** The model's window. */
  limit: number | null;
  /** The part of the request that would fit, 0 to 1, if the upstream counts bytes. */
  fittingPart?: number;
}

/** Rule 5.3: any of these, in lower case. */
const phrases = [
  "maximum context length",
  "context_length_exceeded",
  "context length",
  "context window",
  "exceeds the available context size",
  "longer than the model's context length",
  "longer than the maximum model length",
  "prompt is too long",
  "input is too long",
  "input token count exceeds",
  "exceeds the maximum number of tokens",
  "model_max_prompt_tokens_exceeded",
  "too many tokens",
  "maximum prompt length",
  "range of input length should be",
  "exceeded model token limit",
  "prompt exceeds max length",
  "reduce the length of the messages",
  "but model only supports up to",
  "context limit",
  "maximum allowed length",
  "when context the overflows",
  "loaded with context length of only",
  "context size has been exceeded",
  "number of tokens to keep from the initial prompt",
  "reached context length",
  "context window exceeds limit",
  "token count exceeds the model's maximum",
  "contextwindowexceeded",
  "prompt_too_long",
  "input length exceeds",
  "input token length too long",
  "tokens in request more than max tokens allowed",
  "context exceeds your deployment",
];

/** Each of these counts only together with the word `token`. */
const phrasesWithTokens = ["exceeds the limit of", "configured limit of", "request too large"];

/** OpenRouter's own names for an overflow. */
const errorTypes = [
  "context_length_exceeded",
  "max_tokens_exceeded",
  "token_limit_exceeded",
  "string_too_long",
];

/** Returns the facts of the overflow that an error reports, or null if it reports none (rule 5.3). */
export function findContextOverflow(facts: ErrorFacts): ContextOverflow | null {
  const text = facts.text.toLowerCase();
  const searched = [text, ...facts.names].join("\n");
  if (isSomethingElse(text) || isLongField(facts)) return null;
  const isNamed = facts.errorType !== null && errorTypes.includes(facts.errorType);
  const isPhrased =
    phrases.some((phrase) => searched.includes(phrase)) ||
    (searched.includes("token") && phrasesWithTokens.some((phrase) => searched.includes(phrase)));
  const fittingPart = findFittingPart(text);
  if (fittingPart !== null) return { inputTokens: null, maxTokens: null, limit: null, fittingPart };
  return isNamed || isPhrased ? (llamaNumbers(facts) ?? findNumbers(text)) : null;
}

/** A tool id that is too long, a rate limit, or a `max_tokens` above the model's own limit. */
function isSomethingElse(text: string): boolean {
  return (
    text.includes("string too long. expected a string with maximum length") ||
    text.includes("rate limit") ||
    text.includes("tokens per min") ||
    (text.includes("max_tokens is too large") && !text.includes("maximum context length"))
  );
}

/** Rule 25.3: a text of the request is too long for its place, whatever the model's window. */
function isLongField({ names, field, text }: ErrorFacts): boolean {
  return (
    names.includes("string_above_max_length") ||
    names.includes("array_above_max_length") ||
    (field === "instructions" && /\btoo long\b/i.test(text)) ||
    /\binstructions['"`]?:? [^.\n]{0,40}\btoo long\b/i.test(text)
  );
}

/** Kimi counts the bytes of all messages. */
function findFittingPart(text: string): number | null {
  const groups =
    /total message size (?<size>[\d,]{1,20}) (?:bytes )?exceeds (?:the )?limit (?:of )?(?<limit>[\d,]{1,20})/.exec(
      text,
    )?.groups;
  const size = readWholeNumber(groups?.["size"]?.replaceAll(",", ""));
  const limit = readWholeNumber(groups?.["limit"]?.replaceAll(",", ""));
  return size === null || limit === null || limit === 0 || limit >= size ? null : limit / size;
}

/** llama.cpp sends its numbers as members. */
function llamaNumbers({ error }: ErrorFacts): ContextOverflow | null {
  const inputTokens = readWholeNumber(error["n_prompt_tokens"]);
  const limit = readLimit(error["n_ctx"]);
  return inputTokens === null || limit === null ? null : { inputTokens, maxTokens: null, limit };
}

/**
 * The forms in which servers write their numbers. The groups: `input` is the prompt, `output` the requested output,
 * `total` both, `limit` the window. All texts are in lower case.
 */
const numberForms = [
  // OpenAI, vLLM; OpenRouter: "about T tokens (… of text input, … C in the output)"
  /maximum context length is (?<limit>\d+) tokens\. however, you requested (?:about )?(?<total>\d+) tokens \([^)]*?(?<output>\d+) in the (?:completion|output)\)/,
  /maximum context length is (?<limit>\d+) tokens\. however, your messages resulted in (?<input>\d+) tokens/,
  /configured limit of (?<limit>\d+) tokens\. your messages resulted in (?<input>\d+) tokens/,
  // vLLM
  /maximum context length is (?<limit>\d+) tokens\. however, you requested (?<output>\d+) output tokens and your prompt contains (?:at least )?(?<input>\d+) input tokens/,
  /you passed (?<input>\d+) input tokens and requested (?<output>\d+) output tokens\. however, the model's context length is only (?<limit>\d+)/,
  /is too large: (?<output>\d+)\. ?this model's maximum context length is (?<limit>\d+) tokens and your request has (?<input>\d+) input tokens/,
  /\(length (?<input>\d+)\) is longer than the maximum model length of (?<limit>\d+)/,
  // SGLang
  /maximum context length of (?<limit>\d+) tokens\. you requested a total of (?<total>\d+) tokens: (?<input>\d+) tokens from the input messages and (?<output>\d+) tokens for the completion/,
  /the input \((?<input>\d+) tokens\) is longer than the model's context length \((?<limit>\d+) tokens\)/,
  /input length \((?<input>\d+) tokens\) exceeds the maximum allowed length \((?<limit>\d+) tokens\)/,
  // Copilot
  /prompt token count of (?<input>\d+) exceeds the limit of (?<limit>\d+)/,
  // Gemini
  /input token count \((?<input>\d+)\) exceeds the maximum number of tokens allowed \(?(?<limit>\d+)/,
  /exceeds the maximum number of tokens allowed \(?(?<limit>\d+)/,
  // llama.cpp
  /request \((?<input>\d+) tokens\) exceeds the available context size \((?<limit>\d+) tokens\)/,
  // Anthropic, through OpenRouter
  /prompt is too long: (?<input>\d+) tokens > (?<limit>\d+) maximum/,
  /input length and `max_tokens` exceed context limit: (?<input>\d+) \+ (?<output>\d+) > (?<limit>\d+)/,
  // Fireworks
  /prompt is too long: (?<input>\d+), model maximum context length: (?<limit>\d+)/,
  // Mistral
  /contains (?<input>\d+) tokens.{0,60}too large for model with (?<limit>\d+) maximum context length/,
  // Kimi
  /exceeded model token limit: (?<limit>\d+) \(requested: (?<input>\d+)\)/,
  // xAI
  /maximum prompt length is (?<limit>\d+) but the request contains (?<input>\d+) tokens/,
  // LM Studio
  /keep the first (?<input>\d+) tokens.{0,120}context length of only (?<limit>\d+) tokens/,
  /reached context length of (?<limit>\d+) tokens/,
  // DashScope
  /range of input length should be \[\d+, ?(?<limit>\d+)\]/,
  /(?<input>\d+) tokens.{0,60}but model only supports up to (?<limit>\d+)/,
  /(?:maximum context length|context window|context limit) (?:is|of) (?<limit>\d+)/,
];

function findNumbers(text: string): ContextOverflow {
  const plain = text.replace(/(?<=\d),(?=\d{3})/g, "");
  for (const form of numberForms) {
    const groups = form.exec(plain)?.groups;
    if (groups === undefined) continue;
    const maxTokens = readWholeNumber(groups["output"]);
    const total = readWholeNumber(groups["total"]);
    // The parts of the prompt need not be counted separately: they are the total without the output.
    const rest = total === null ? null : readWholeNumber(total - (maxTokens ?? 0));
    const inputTokens = readWholeNumber(groups["input"]) ?? rest;
    return { inputTokens, maxTokens, limit: readLimit(groups["limit"]) };
  }
  return { inputTokens: null, maxTokens: null, limit: null };
}

/** A window of no tokens counts as unknown. */
function readLimit(value: unknown): number | null {
  return readWholeNumber(value) || null;
}
