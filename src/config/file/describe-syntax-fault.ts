/** What the parser's codes mean to a person, with the way out. Its own messages may repeat a key from the file. */
const words = new Map<string, string>(
  Object.entries({
    BAD_ALIAS: "A * begins an alias in YAML. If a text is meant, put it in quotes.",
    BAD_DIRECTIVE: "A line that begins with % is a directive of YAML. Remove it.",
    BAD_DQ_ESCAPE: "YAML does not know this \\ in double quotes. Write \\\\, or use single quotes.",
    BAD_INDENT:
      "This line is not indented as YAML needs it, or a [ or { before it is not closed. Keys of one map begin in the same column.",
    BAD_SCALAR_START: "A text cannot begin with this character. Put it in quotes.",
    BLOCK_AS_IMPLICIT_KEY: "There is a second colon in this line. Put the text with a colon in quotes.",
    BLOCK_IN_FLOW:
      "Inside [ ] and { } commas divide the entries, not lines with - or indentation; a text with a colon stands in quotes.",
    MISSING_CHAR:
      "Something is missing here: a closing quote or bracket, a comma, or the blank after a colon.",
    MULTILINE_IMPLICIT_KEY: "This line is not of the form key: value.",
    MULTIPLE_DOCS: "A second document begins here. Remove the line ---.",
    RESOURCE_EXHAUSTION: "It is nested too deeply.",
    TAB_AS_INDENT: "A tab stands where YAML allows only blanks. Indent with blanks.",
    TAG_RESOLVE_FAILED:
      "A ! begins a tag in YAML, and this one has no meaning here. If a text is meant, put it in quotes.",
    UNEXPECTED_TOKEN: "This does not belong here. If it is part of a text, put the whole text in quotes.",
  }),
);

/** Begins what stands for a secret. */
const marker = "$" + "{";

/** Whether what stands for a secret begins at an offset, in UTF-16 units. */
export function beginsReference(text: string, offset: number): boolean {
  return text.startsWith(marker, offset);
}

/**
 * A fault of the syntax in a sentence, without a word of the file.
 * @param offset where it was found, in UTF-16 units
 */
export function describeSyntaxFault(code: string, text: string, offset: number): string {
  if (beginsReference(text, offset - 1) || beginsReference(text, offset)) {
    return `Inside [ ] and { } a secret stands in quotes: "\${NAME}".`;
  }
  return words.get(code) ?? "This is not valid YAML. If it is part of a text, put the whole text in quotes.";
}
