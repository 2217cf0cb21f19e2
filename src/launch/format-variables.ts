import type { LaunchVariable } from "./launch-subject.ts";

/** How each shell sets variables; `json` is for programs. */
export const variableForms = ["bash", "zsh", "fish", "powershell", "cmd", "json"] as const;

export type VariableForm = (typeof variableForms)[number];

/** Formats variables for a shell that evaluates them, one command a line; as JSON, an empty text removes a variable. */
export function formatVariables(variables: readonly LaunchVariable[], form: VariableForm): string {
  if (form === "json") {
    const values = Object.fromEntries(variables.map(({ name, value }) => [name, value ?? ""]));
    return `${JSON.stringify(values, null, 2)}\n`;
  }
  const format = formats[form];
  return variables.map(({ name, value }) => `${format(name, value)}\n`).join("");
}

/** A command that sets the variable, or that removes it if the value is null. */
type VariableFormat = (name: string, value: string | null) => string;

const formatForPosix: VariableFormat = (name, value) =>
  value === null ? `unset ${name}` : `export ${name}='${value.replaceAll("'", "'\\''")}'`;

const formats: Readonly<Record<Exclude<VariableForm, "json">, VariableFormat>> = {
  bash: formatForPosix,
  zsh: formatForPosix,
  fish: (name, value) =>
    value === null ? `set -e ${name}` : `set -gx ${name} '${value.replace(/[\\']/g, "\\$&")}'`,
  // PowerShell ends a text at typographic quotes, too; `Invoke-Expression` takes all lines at once.
  powershell: (name, value) =>
    value === null
      ? `Remove-Item Env:${name} -ErrorAction SilentlyContinue;`
      : `$env:${name} = '${value.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}';`,
  // A line has one command, so a value has one line.
  cmd: (name, value) => `set "${name}=${(value ?? "").replace(/[\r\n]+/g, " ")}"`,
};
