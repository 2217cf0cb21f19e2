import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";
import { readDecimal } from "../../json/whole-number.ts";
import type { ErrorFacts } from "../failures/error-facts.ts";

/** The subject of a refusal, which determines the requests that it concerns. */
export type RefusalSubject =
  /** A field that the upstream does not know: no request may have it. */
  | "unknown-field"
  /** A field that is not supported: no request may have it either. */
  | "field"
  /** A field beside something else in the request. Alone it may be accepted. */
  | "combination"
  /**
   * The value of the field in this request. Unclear refusals also count as this, because it concerns no other request.
   */
  | "value";

/** The field that a refusal names, and its context. */
export interface NamedField {
  /** The value that was sent. */
  value: unknown;
  /** The text also names another field of the request. */
  isAmongOthers: boolean;
}

const extraField = /extra_forbidden|value_error\.extra|extra (?:inputs|fields?) (?:are )?not permitted/;

const unknownFieldCode =
  /^(?:unsupported|unknown|unrecogni[sz]ed|unexpected)_(?:parameter|field|argument|property|key|name)/;

const unknownField =
  /\b(?:unknown|unrecogni[sz]ed|unsupported|unexpected|extra|additional) (?:request |keyword |input |json )?(?:parameter|param|field|argument|name|propert(?:y|ies)|key|member|attribute)(?:s|\(s\))?(?!\w| values?\b)|\b(?:parameter|field|argument|property)\b[^.]{0,60}\b(?:not supported|unsupported|not recogni[sz]ed)|does not support (?:the )?(?:parameter|field|argument)|cannot find field|\bdeprecated\b/;

const unsupported = /not support|unsupported|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed/;

const combination =
  /\bboth\b|\btogether\b|\bcombin|\bincompatible\b|\bmutually\b|\bconflict|\bsimultaneous|\bsame time\b|\bwhen\b|\bwhile\b|\bunless\b|\bwithout\b|\balongside\b|thinking mode|\bwith (?:the )?["'`]?(?:function|tool|thinking|reasoning(?! models?)|stream|json|structured|response_format|image|logprobs)/;

const valueCode =
  /^(?:invalid|unsupported)_(?:value|type|enum|option)|_(?:above|below)_|literal_error|^enum$|(?:greater|less)_than|_(?:type|parsing)$|multiple_of|^too_(?:long|short)$|value_error(?!\.missing)/;

const valueWords =
  /\bvalues?\b|\brange\b|\bbetween\b|\b(?:must|should) (?:be|have|match|contain)\b(?! satisfied)|\b(?:greater|less|larger|smaller|higher|lower|more|fewer) than\b|\bat (?:least|most)\b|\bexceed|\btoo (?:large|small|big|high|low|long|short|many|few)\b|\b(?:min|max)imum\b|\bone of\b|\bonly [^.]{1,60} (?:is|are) (?:allowed|supported|accepted|valid)\b|\bexpected\b|\bunknown (?:variant|option|level|choice)\b|[<>]=|\bmandatory\b/;

/** Words of a refusal that have little other meaning. */
const refused = /invalid|is allowed|cannot|can't|must not|not available|unavailable|incompatible/;

/**
 * The subject of a field's refusal, or null if nothing is refused. Looks for the field's own values and its neighbours
 * first: only a refusal that can mean nothing but the field concerns all requests (rule R0).
 */
export function findSubject(facts: ErrorFacts, { value, isAmongOthers }: NamedField): RefusalSubject | null {
  const text = facts.text.toLowerCase();
  const codes = [...facts.names, faultType(facts.error)];
  if (extraField.test(text) || codes.some((code) => extraField.test(code))) return "unknown-field";
  if (codes.some((code) => valueCode.test(code))) return "value";
  const isUnknown = unknownField.test(text) || codes.some((code) => unknownFieldCode.test(code));
  const isUnsupported = isUnknown || unsupported.test(text);
  if (combination.test(text)) return isUnsupported || refused.test(text) ? "combination" : valueOrNull(text);
  if (isUnsupported && namesValue(text, value)) return "value";
  if (isUnknown) return "unknown-field";
  if (valueWords.test(text)) return "value";
  if (isUnsupported) return isAmongOthers ? "combination" : "field";
  return valueOrNull(text);
}

function valueOrNull(text: string): "value" | null {
  return valueWords.test(text) || refused.test(text) ? "value" : null;
}

/** `literal_error`, `extra_forbidden` … of the first fault in FastAPI's list, wherever that is; else `""`. */
function faultType(error: JsonObject): string {
  const message = error["message"];
  const faults = isJsonObject(message) ? message["detail"] : error["detail"];
  const fault: unknown = Array.isArray(faults) ? faults[0] : undefined;
  return (isJsonObject(fault) ? nonEmptyString(fault["type"]) : undefined)?.toLowerCase() ?? "";
}

/** Whether the text contains the value that was sent: `'reasoning_effort' does not support 'minimal'`. */
function namesValue(text: string, value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return Object.values(value).some((member) => namesValue(text, member));
  }
  if (typeof value === "number")
    return (text.match(/\d+(?:\.\d+)?/g) ?? []).some((one) => readDecimal(one) === value);
  if (typeof value === "string")
    return (text.match(/\w+/g) ?? []).some((word) => word === value.toLowerCase());
  return false;
}
