import { isJsonObject, type JsonObject, textOfScalar } from "../../json/json-value.ts";
import { inJson, type WireEntry, type WireField } from "./wire-entry.ts";

/** Describes a request of either wire: each member, each message and each tool on a row of its own. */
export function describeRequest(path: string, body: JsonObject): WireEntry {
  const fields = Object.entries(body).flatMap(([name, value]): WireField[] =>
    Array.isArray(value)
      ? value.map((item, index) => ({ name: `${name}[${index}]`, value: describeItem(item) }))
      : [{ name, value: inJson(value) }],
  );
  return { direction: "request", title: `POST ${path}`, value: "", fields };
}

function describeItem(item: unknown): string {
  if (!isJsonObject(item)) return inJson(item);
  const { type, role, content, name, input_schema, parameters, function: declared } = item;
  if (role !== undefined) {
    const begin = type === undefined ? "" : `${textOfScalar(type)} `;
    return `${begin}${textOfScalar(role)} ${inJson(content)}`;
  }
  if (isJsonObject(declared))
    return `function ${textOfScalar(declared["name"])} ${inJson(declared["parameters"])}`;
  if (parameters !== undefined) return `${textOfScalar(type)} ${textOfScalar(name)} ${inJson(parameters)}`;
  return `${textOfScalar(name)} ${inJson(input_schema)}`;
}
