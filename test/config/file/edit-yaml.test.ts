import { expect, test } from "bun:test";
import { addToYamlList, setInYaml } from "../../../src/config/file/edit-yaml.ts";
import { schemaLine } from "../../../src/config/file/file-schema.ts";

test("a new file begins with the line for editors, and has a line for each entry", () => {
  const upstream = setInYaml("", ["upstreams", "openrouter"], { key: `\${KEY}` });
  const whole = addToYamlList(setInYaml(upstream, ["routes", "*haiku*"], ["a/b", "c/d"]), "cases", {
    when: { images: true },
    to: "a/b",
  });
  expect(whole).toBe(`${schemaLine}
upstreams:
  openrouter: { key: "\${KEY}" }
routes:
  "*haiku*": [ a/b, c/d ]
cases:
  - { when: { images: true }, to: a/b }
`);
  expect(addToYamlList(whole, "cases", { when: { images: true }, to: "a/b" })).toBe(whole);
  expect(addToYamlList(whole, "cases", { when: { tokens: 5 }, to: "a/b" })).toBe(
    `${whole}  - { when: { tokens: 5 }, to: a/b }\n`,
  );
});

test("what stands in a file stays as it is, but for the value that is set", () => {
  const before = `# mine
upstreams:
    openrouter:   # kept
        key: \${OLD}   # old key
        headers: { a: b }
    # between
    desk: { key: x }   # local

routes:
    default: desk/x   # usual
server: { port: 8081 }`;
  const changes: [string[], unknown][] = [
    [["upstreams", "openrouter"], { key: `\${NEW}`, url: "https://x.example" }],
    [["upstreams", "desk"], { key: `\${DESK}` }],
    [["upstreams", "glm"], {}],
    [["routes", "default"], "glm/glm-5"],
    [["server", "host"], "0.0.0.0"],
    [["models", "glm/glm-5"], { window: 5 }],
  ];
  const after = changes.reduce((text, [path, value]) => setInYaml(text, path, value), before);
  expect(after).toBe(`# mine
upstreams:
    openrouter:   # kept
        key: "\${NEW}"   # old key
        headers: { a: b }
        url: https://x.example
    # between
    desk: { key: "\${DESK}" }   # local
    glm: {}

routes:
    default: glm/glm-5   # usual
server: { port: 8081, host: 0.0.0.0 }
models:
  glm/glm-5: { window: 5 }
`);
  expect(changes.reduce((text, [path, value]) => setInYaml(text, path, value), after)).toBe(after);
});

test.each([
  ["upstreams:\n", "upstreams:\n  a: {}\n"],
  ["upstreams: {}\n", "upstreams: { a: {} }\n"],
  ["# only a comment\n", "# only a comment\nupstreams:\n  a: {}\n"],
])("a section without entries gets one: %j", (before, after) => {
  expect(setInYaml(before, ["upstreams", "a"], {})).toBe(after);
});

test("a text that is no YAML is not changed", () => {
  expect(() => setInYaml("a: [1\n", ["upstreams", "a"], {})).toThrow();
  expect(() => setInYaml("- 1\n", ["upstreams", "a"], {})).toThrow("not a map");
});

test("an alias becomes a copy of what it stands for, in which the value is set", () => {
  const before = `upstreams:
  one: &one { key: x, headers: { a: b } }
  two: *one # the same
routes: { default: [one/m] }
`;
  const after = before.replace("*one", "{ key: x, headers: { a: b }, url: https://x.example }");
  expect(setInYaml(before, ["upstreams", "two", "url"], "https://x.example")).toBe(after);
  expect(setInYaml(before, ["upstreams"], { two: "y" })).toBe(before.replace("*one", "y"));
  expect(addToYamlList("x: &list [ a ]\ncases: *list\n", "cases", "b")).toBe(
    "x: &list [ a ]\ncases: [ a, b ]\n",
  );
});
