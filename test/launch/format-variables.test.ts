import { expect, test } from "bun:test";
import { formatVariables, type VariableForm, variableForms } from "../../src/launch/format-variables.ts";

/** What means something to some shell. */
const hostile = "a'b\"c\\d $HOME `id` $(id) %PATH% !x! ‘q’ é\n&|<>^;#*";
const variables = [
  { name: "FIRST", value: hostile, isSecret: false },
  { name: "SECOND", value: "plain", isSecret: false },
  { name: "GONE", value: null, isSecret: false },
];

/** How each shell evaluates what it is given as its second argument, and then tells the variables. */
const shells: Readonly<Partial<Record<VariableForm, string>>> = {
  bash: 'eval "$1"; "$2" -e "$3"',
  zsh: 'eval "$1"; "$2" -e "$3"',
  fish: "printf %s $argv[1] | source; $argv[2] -e $argv[3]",
  powershell: "",
};
const tell = "console.log(JSON.stringify([process.env.FIRST, process.env.SECOND, process.env.GONE ?? null]))";

for (const shell of ["bash", "zsh", "fish"] as const) {
  const path = Bun.which(shell);
  test.skipIf(path === null)(`${shell} understands it, whatever it holds`, async () => {
    const script = formatVariables(variables, shell);
    const lead = shell === "fish" ? [] : ["-"];
    const child = Bun.spawn(
      [path ?? shell, "-c", shells[shell] ?? "", ...lead, script, process.execPath, tell],
      {
        env: { PATH: process.env["PATH"] ?? "", GONE: "still here" },
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    expect(await child.stderr.text()).toBe("");
    expect(JSON.parse(await child.stdout.text())).toEqual([hostile, "plain", null]);
  });
}

test("each shell has its own words", () => {
  const short = [
    { name: "A", value: "it's", isSecret: false },
    { name: "B", value: null, isSecret: false },
  ];
  expect(Object.fromEntries(variableForms.map((form) => [form, formatVariables(short, form)]))).toEqual({
    bash: "export A='it'\\''s'\nunset B\n",
    zsh: "export A='it'\\''s'\nunset B\n",
    fish: "set -gx A 'it\\'s'\nset -e B\n",
    powershell: "$env:A = 'it''s';\nRemove-Item Env:B -ErrorAction SilentlyContinue;\n",
    cmd: 'set "A=it\'s"\nset "B="\n',
    json: '{\n  "A": "it\'s",\n  "B": ""\n}\n',
  });
});

test("PowerShell's typographic quotes and the lines of cmd are kept from harm", () => {
  const variable = (value: string) => [{ name: "A", value, isSecret: false }];
  expect(formatVariables(variable("‘a’"), "powershell")).toBe("$env:A = '‘‘a’’';\n");
  expect(formatVariables(variable("x: 1\ny: 2"), "cmd")).toBe('set "A=x: 1 y: 2"\n');
});
