/** Why a server refuses a responses request, in its own words. */
export interface ResponsesRefusal {
  message: string;
  /** Name of the parameter at fault. */
  param: string | null;
  code: string | null;
  /** Default 400. */
  status?: number;
}

export function refusal(
  message: string,
  param: string | null = null,
  code: string | null = null,
): ResponsesRefusal {
  return { message, param, code };
}

export function unknownParameter(param: string): ResponsesRefusal {
  return refusal(`Unknown parameter: '${param}'.`, param, "unknown_parameter");
}

export function missingParameter(param: string): ResponsesRefusal {
  return refusal(`Missing required parameter: '${param}'.`, param, "missing_required_parameter");
}

/** `value` stands where only `supported` do. */
export function invalidValue(param: string, value: unknown, supported: readonly string[]): ResponsesRefusal {
  const list = supported.map((one) => `'${one}'`);
  const last = list.pop() ?? "";
  const words = list.length === 0 ? last : `${list.join(", ")} and ${last}`;
  const message = `Invalid value: '${String(value)}'. Supported values are: ${words}.`;
  return refusal(message, param, "invalid_value");
}

export function invalidType(param: string, wanted: string): ResponsesRefusal {
  return refusal(`Invalid type for '${param}': expected ${wanted}.`, param, "invalid_type");
}

export function unsupportedParameter(param: string): ResponsesRefusal {
  return refusal(`Unsupported parameter: '${param}' is not supported with this model.`, param, null);
}

/** What a project of Azure says to an item that lacks something. */
export function doesNotFit(param: string): ResponsesRefusal {
  return refusal("The provided data does not match the expected schema", param, "invalid_payload");
}
