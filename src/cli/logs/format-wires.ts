import type { RecordedBody } from "../../record/recorded-request.ts";
import { breakValue } from "../break-value.ts";
import { padText } from "../fit-text.ts";
import { formatBody } from "./format-body.ts";

/** From this width on two wires have room beside each other. */
const wideColumns = 120;
const middle = " │ ";

/**
 * The messages of both wires: the client's on the left and the upstream's on the right of it, or one after the other.
 * @param columns width of the terminal; null if there is none
 */
export function formatWires(bodies: readonly RecordedBody[], columns: number | null): string[] {
  const width = columns === null || columns < wideColumns ? null : Math.floor((columns - middle.length) / 2);
  if (width === null) {
    return bodies.flatMap((body) => [...formatBody(body).flatMap((line) => breakLine(line, columns)), ""]);
  }
  const side = (names: readonly RecordedBody["name"][]) =>
    bodies
      .filter(({ name }) => names.includes(name))
      .flatMap((body) => [...formatBody(body).flatMap((line) => breakLine(line, width)), ""]);
  const rows = (left: RecordedBody["name"], right: RecordedBody["name"]) =>
    joinSides(side([left]), side([right]), width);
  return [...rows("client-request", "upstream-request"), ...rows("client-response", "upstream-response")];
}

function joinSides(left: readonly string[], right: readonly string[], width: number): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) =>
    `${padText(left[row] ?? "", width)}${middle}${right[row] ?? ""}`.trimEnd(),
  );
}

function breakLine(line: string, width: number | null): string[] {
  return breakValue(line, width, "").split("\n");
}
