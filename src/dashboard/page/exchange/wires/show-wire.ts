import { parseCutJson } from "../conversation/parse-cut-json.ts";
import { isEventStream, parseEvents } from "../conversation/parse-events.ts";
import { writeJson } from "../conversation/write-json.ts";

/** How a message is shown: as it was on the wire, or so that it can be read. */
export type WireForm = "readable" | "raw";

/** JSON on many lines; a stream as its events, each with readable data. What is neither stays as it is. */
export function formatWire(text: string, form: WireForm): string {
  if (form === "raw") return text;
  if (isEventStream(text)) {
    return parseEvents(text)
      .map(({ name, data }, index) => `#${index + 1}${name === null ? "" : ` ${name}`}\n${formatJson(data)}`)
      .join("\n\n");
  }
  return formatJson(text);
}

/** JSON on many lines, each member on its own. JSON that was cut ends where it was cut. */
export function formatJson(text: string): string {
  const parsed = parseCutJson(text);
  return parsed === null || typeof parsed.value !== "object" ? text : writeJson(parsed.value);
}
