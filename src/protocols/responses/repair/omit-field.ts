import { mapChanged, without } from "../../../translate/refusals/change-request.ts";
import type { ResponsesRequest } from "../responses-request.ts";

/**
 * The request without `field`: at the top level, in items, in tools. `reasoning.summary` is a member, and only that goes,
 * with its owner if nothing else is in it. The same object if the field is not there.
 */
export function omitField(sent: ResponsesRequest, field: string): ResponsesRequest {
  const dot = field.indexOf(".");
  if (dot >= 0) return omitMember(sent, field.slice(0, dot), field.slice(dot + 1));
  const rest = without(sent, field);
  const input = mapChanged(rest.input, (item) => without(item, field));
  const tools = rest.tools && mapChanged(rest.tools, (tool) => without(tool, field));
  if (input === rest.input && tools === rest.tools) return rest;
  return { ...rest, input, ...(tools && { tools }) };
}

function omitMember(sent: ResponsesRequest, owner: string, member: string): ResponsesRequest {
  const object = sent[owner];
  if (typeof object !== "object" || object === null) return sent;
  const rest = without(object, member);
  if (rest === object) return sent;
  return Object.keys(rest).length === 0 ? without(sent, owner) : { ...sent, [owner]: rest };
}
