import { type Document, Scalar, visit } from "yaml";
import { beginsReference, describeSyntaxFault } from "./describe-syntax-fault.ts";

/** A fault of the syntax where a person has to look for it. */
interface SyntaxFault {
  /** In UTF-16 units of the text. */
  readonly offset: number;
  readonly text: string;
}

/** What the parser reports for all tokens that follow the first one that it could not place. */
const lostCode = "UNEXPECTED_TOKEN";

/** What the parser reports where its stack ends. */
const spentCode = "RESOURCE_EXHAUSTION";

/** The faults of the syntax of a parsed text, in its order, without those that only follow from one before them. */
export function listSyntaxFaults(document: Document, text: string): SyntaxFault[] {
  const found = [...document.errors, ...document.warnings]
    .map(({ code, pos: [offset] }) => ({ code, offset }))
    .sort((left, right) => left.offset - right.offset);
  const spent = found.find(({ code }) => code === spentCode);
  // Everything else only says that the parser gave up, and where it did depends on its stack.
  if (spent !== undefined) return [{ offset: 0, text: describeSyntaxFault(spent.code, text, 0) }];
  const open = findOpenQuote(document, text);
  if (open !== null) return [{ offset: open, text: "The quote that begins here is not closed." }];
  const firstLost = found.findIndex(({ code }) => code === lostCode);
  return found
    .filter(
      ({ code, offset }, index) =>
        code !== lostCode || index === firstLost || beginsReference(text, offset - 1),
    )
    .map(({ code, offset }) => ({ offset, text: describeSyntaxFault(code, text, offset) }));
}

/** Where a quoted text begins that goes on to the end of the file; the parser names only that end. */
function findOpenQuote(document: Document, text: string): number | null {
  if (!document.errors.some(({ code }) => code === "MISSING_CHAR")) return null;
  let found: number | null = null;
  visit(document, {
    Scalar(_key, { type, range }) {
      if (type !== Scalar.QUOTE_DOUBLE && type !== Scalar.QUOTE_SINGLE) return;
      if (range === null || range === undefined || range[1] < text.trimEnd().length) return;
      const quote = type === Scalar.QUOTE_DOUBLE ? '"' : "'";
      const source = text.slice(range[0], range[1]).trimEnd();
      if (source.length === 1 || !source.endsWith(quote)) found = range[0];
    },
  });
  return found;
}
