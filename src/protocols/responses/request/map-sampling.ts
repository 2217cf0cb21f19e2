import type { ResponsesRequestDialect } from "../../../profiles/responses-dialect.ts";
import type { SamplingWish } from "../../../translate/conversation/asked.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ResponsesRequest } from "../responses-request.ts";

/** `temperature`, `top_p` and `top_k` if the upstream accepts them beside this level of effort (rule 21). */
export function mapSampling(
  { temperature, topP, topK }: SamplingWish,
  effort: string | undefined,
  dialect: ResponsesRequestDialect,
  notes: RequestNotes,
): Pick<ResponsesRequest, "temperature" | "top_p" | "top_k"> {
  const takes = (form: ResponsesRequestDialect["temperature"]) =>
    form === "pass" || (form === "off-only" && effort === "none");
  const wishes = [
    ["temperature", temperature, takes(dialect.temperature)],
    ["top_p", topP, takes(dialect.topP)],
    ["top_k", topK, dialect.topK],
  ] as const;
  const fields: Pick<ResponsesRequest, "temperature" | "top_p" | "top_k"> = {};
  for (const [name, value, isTaken] of wishes) {
    if (value === null) continue;
    if (isTaken) fields[name] = value;
    else notes.dropped.add(name);
  }
  return fields;
}
