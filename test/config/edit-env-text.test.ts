import { expect, test } from "bun:test";
import { editEnvText } from "../../src/config/edit-env-text.ts";
import { parseEnvFile } from "../../src/config/parse-env-file.ts";

const edit = (text: string, values: Record<string, string>) =>
  editEnvText(text, new Map(Object.entries(values)));

test("a name that is set keeps its line, its export and its comment; a new one comes at the end", () => {
  expect(edit("A=1 # one\n\n# B=0\nexport B='x # y' # two\nC=3", { B: "z", D: "4", A: "1" })).toBe(
    "A=1 # one\n\n# B=0\nexport B=z # two\nC=3\nD=4\n",
  );
});

test("of a name that is set twice the last line counts; a value of several lines is replaced whole", () => {
  expect(edit("A=1\nA=2\n", { A: "3" })).toBe("A=1\nA=3\n");
  expect(edit('A="1\n2"\nB=1\n', { A: "3" })).toBe("A=3\nB=1\n");
  expect(edit("AB=1\nA: 2\n", { A: "3" })).toBe("AB=1\nA:3\n");
});

test.each(["plain", "a b", "a#b", "it's", 'say "x"', "$HOME", "a=b", "it's \\n", "a\nB=1", ""])(
  "%j is read back as it was",
  (value) => {
    expect(parseEnvFile(edit("X=1\n", { X: value, Y: value })).values).toEqual({ X: value, Y: value });
  },
);

test.each([`'"\`\nB=1`, "it's `\\n`", "a\rB=1"])("%j is refused: it could set other names", (value) => {
  expect(() => edit("", { X: value })).toThrow(RangeError);
});
