import { parseDocument } from "yaml";

/** What a YAML file says; the fault names the line. */
export function readYaml(text: string): { readonly data: unknown } | { readonly fault: string } {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return { data: document.toJS({ maxAliasCount: 100 }) };
  const line = text.slice(0, error.pos[0]).split("\n").length;
  return { fault: `Line ${line} is no YAML. Mend it there first, or do without it.` };
}
