import { expect, test } from "bun:test";
import { wrapValue } from "../../../src/cli/demo/wrap-value.ts";
import { createPaint } from "../../../src/logging/paint.ts";

const schema = '{"type":"object","properties":{"command":{"type":"string"}},"required":["command"]}';

test.each<[string, string, number, string[]]>([
  ["one that fits", '{"a":1}', 20, ['{"a":1}']],
  ["nothing", "", 20, [""]],
  [
    "a schema breaks between its members",
    schema,
    42,
    ['{"type":"object","properties":{"command":', '{"type":"string"}},"required":["command"]}'],
  ],
  ["a text breaks between its words", '"one two three four"', 10, ['"one two', "three", 'four"']],
  ["values keep the gap between them", 'name="a"  id="b"', 20, ['name="a"  id="b"']],
  ["a gap at the end of a row is left out", 'name="a"  id="b"', 10, ['name="a"', 'id="b"']],
  ["a quote that is not closed", 'a "b c', 4, ['a "b', "c"]],
  ["a word that is too long is cut", '"abcdefghij" k', 5, ['"abcd', "efghi", 'j" k']],
  ["characters that are two columns wide", '"通义千问"', 4, ['"通义', "千问", '"']],
])("a value: %s", (_, value, width, rows) => {
  expect(wrapValue(value, width, createPaint(false))).toEqual(rows);
});
