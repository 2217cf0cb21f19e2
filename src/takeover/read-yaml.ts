import { parseDocument } from "yaml";

/** What a YAML file says, with `<<` merged as the other programs do; the fault names the line where there is one. */
export function readYaml(text: string): { readonly data: unknown } | { readonly fault: string } {
  const document = parseDocument(text, { prettyErrors: false, merge: true, logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split("\n").length;
    return { fault: `Line ${line} is no YAML. Mend it there first, or do without it.` };
  }
  try {
    return { data: document.toJS({ maxAliasCount: 100 }) };
  } catch (thrown) {
    // Whatever is thrown here is said of the file: its syntax is right, but it cannot be made a value.
    if (!(thrown instanceof Error)) throw thrown;
    return {
      fault:
        "Its anchors (&), aliases (*) or merges (<<) lead nowhere, or stand for too much. Mend it there first, or do without it.",
    };
  }
}
