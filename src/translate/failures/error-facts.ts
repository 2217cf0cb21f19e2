import {
  isJsonObject,
  type JsonObject,
  nonEmptyString,
  textOfScalar,
  textsOfScalars,
} from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import { plainWords } from "../../upstream/plain-words.ts";
import { cleanErrorText } from "./clean-error-text.ts";

/** The facts in the body of an error, from any vendor. */
export interface ErrorFacts {
  /** The best text for a person, cleaned; `""` if there is none. */
  text: string;
  /** The provider behind OpenRouter, else null. */
  provider: string | null;
  /** `error.code` if it is a status, 400 to 599; numbers with another meaning are left out. */
  codeAsStatus: number | null;
  /** All codes and types, in lower case: `insufficient_quota`, `rate_limit_error` … */
  names: readonly string[];
  /** OpenRouter's own class of the error (`error_type`), which is more precise than the status. */
  errorType: string | null;
  /** The request field at fault, e.g. `max_tokens`, `body.stream_options.include_usage`. */
  field: string | null;
  /** `error.metadata` (OpenRouter), else `{}`. */
  metadata: JsonObject;
  /** `error`, or the body itself if it has no such object. */
  error: JsonObject;
}

/** Most characters of a body that is a text or a page; markup is never copied. */
const bodyTextLength = 200;
/** Most characters of a code, a type or the name of a field; longer ones name nothing. */
const nameLength = 200;
/** Most entries of a list that are included. */
const listLength = 20;

/** Reads an error body: JSON of any vendor, or text (rule 5.1). Never throws. */
export function readErrorBody(body: unknown): ErrorFacts {
  // Gemini's body is an array with one entry.
  const root: unknown = Array.isArray(body) ? body[0] : body;
  const top = isJsonObject(root) ? root : {};
  const response = isJsonObject(top["response"]) ? top["response"] : {};
  // The last event of a response that failed has its error one level deeper.
  const error = [top["error"], response["error"]].find(isJsonObject) ?? top;
  const metadata = isJsonObject(error["metadata"]) ? error["metadata"] : {};
  return {
    text: cleanErrorText(errorText(error === top || top["error"] === error ? root : { error })),
    provider: nonEmptyString(metadata["provider_name"]) ?? nonEmptyString(top["provider"]) ?? null,
    // MiniMax has the status beside its own number.
    codeAsStatus: asStatus(error["code"]) ?? asStatus(error["http_code"]),
    names: namesIn([error["code"], error["type"], error["status"], top["code"], top["type"]]),
    errorType:
      nonEmptyString(metadata["error_type"]) ??
      nonEmptyString(top["error_type"]) ??
      nonEmptyString(response["error_type"]) ??
      null,
    field: nonEmptyString(error["param"]) ?? locationIn(error) ?? null,
    metadata,
    error,
  };
}

/** The first text that rule 5.1 names, unchanged; `""` if there is none. */
function errorText(root: unknown): string {
  if (typeof root === "string") return plainWords(root, bodyTextLength);
  if (!isJsonObject(root)) return "";
  const { error, message, detail, msg } = root;
  if (isJsonObject(error)) {
    const raw = isJsonObject(error["metadata"]) ? rawText(error["metadata"]["raw"]) : "";
    const own = raw || messageText(error["message"]);
    if (own !== "") return own;
  }
  const own = messageText(message) || messageText(detail) || messageText(msg);
  return (
    own || (Array.isArray(error) ? textsOfScalars(error, listLength).join(", ") : (textOfScalar(error) ?? ""))
  );
}

/** The answer of a provider behind OpenRouter: JSON in a string, a string, or an object. */
function rawText(raw: unknown): string {
  if (typeof raw !== "string") return errorText(Array.isArray(raw) ? raw[0] : raw);
  const value = parseJson(raw);
  const text = errorText(Array.isArray(value) ? value[0] : value);
  return text === "" ? plainWords(raw, bodyTextLength) : text;
}

/** A string; FastAPI's list of faults; or, from Mistral, an object that holds such a list. */
function messageText(message: unknown): string {
  if (typeof message === "string") return message;
  if (Array.isArray(message)) return isJsonObject(message[0]) ? messageText(message[0]["msg"]) : "";
  return isJsonObject(message) ? messageText(message["detail"]) || messageText(message["message"]) : "";
}

/** `body.stream_options.include_usage` from FastAPI's `loc`, wherever the list of faults is. */
function locationIn(error: JsonObject): string | undefined {
  const message = error["message"];
  const faults = isJsonObject(message) ? message["detail"] : error["detail"];
  const fault: unknown = Array.isArray(faults) ? faults[0] : undefined;
  if (!isJsonObject(fault) || !Array.isArray(fault["loc"])) return undefined;
  return textsOfScalars(fault["loc"], listLength).join(".").slice(0, nameLength);
}

function asStatus(code: unknown): number | null {
  const status = readWholeNumber(code);
  return status !== null && status >= 400 && status <= 599 ? status : null;
}

function namesIn(values: readonly unknown[]): string[] {
  return values
    .filter((value) => typeof value === "string")
    .map((value) => value.slice(0, nameLength).toLowerCase());
}
