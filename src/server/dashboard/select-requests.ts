import { ApiError } from "../../anthropic/api-error.ts";
import { parseFilter } from "../../record/filter/parse-filter.ts";
import type { RecordFilter } from "../../record/record-filter.ts";
import type { Viewer } from "./find-viewer.ts";

/** The requests that a viewer asks for, and may see. Throws ApiError that says what is wrong with the text. */
export function selectRequests(text: string | undefined, { client }: Viewer): RecordFilter {
  const parsed = parseFilter(text ?? "");
  if ("fault" in parsed) throw new ApiError("invalid_request_error", `filter: ${parsed.fault}`);
  const { filter } = parsed;
  // guard: a client's own requests in the dashboard; without it: filter
  return client === null ? filter : { ...filter, texts: [...filter.texts, conditionOf(client)] };
}

/** The name of a client holds no `*`. */
function conditionOf(client: string): RecordFilter["texts"][number] {
  return { member: "client", pattern: client, isNegated: false };
}
