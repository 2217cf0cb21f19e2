import { expect, test } from "bun:test";
import { createBareLineMarker } from "../../src/upstream/bare-line-marker.ts";

function mark(...pieces: string[]): string {
  const markBareLines = createBareLineMarker();
  return pieces.map(markBareLines).join("");
}

test.each([
  ["a stream without bare lines is left as it is", ['data: {"a":1}\n\n: {x}\n'], 'data: {"a":1}\n\n: {x}\n'],
  ["a bare line becomes an event of its own", ['{"a":1}\n'], '\ndata:{"a":1}\n\n\n'],
  ["also in two pieces", ['{"a"', ":1}\n"], '\ndata:{"a":1}\n\n\n'],
  ["also when its end comes by itself", ['{"a":1}', "\n", "data: x"], '\ndata:{"a":1}\n\n\ndata: x'],
  ["an array is JSON too", ["[1]\n"], "\ndata:[1]\n\n\n"],
  ["a brace in a line that was cut is none of its start", ["data: ", '{"a":1}\n'], 'data: {"a":1}\n'],
])("[4.2:lines] %s", (_name, pieces, expected) => {
  expect(mark(...pieces)).toBe(expected);
});
