import type { Command } from "commander";
import { completeWords } from "./complete-words.ts";
import type { CompletedShell } from "./completion-scripts.ts";

/** bash makes three words of `--by=mo`: `--by`, `=` and `mo`; and of `--by=` two. */
function joinAtEquals(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const [index, word] of words.entries()) {
    const isBehind = word === "=" || words[index - 1] === "=";
    const last = joined.at(-1);
    if (isBehind && last?.startsWith("--") === true) joined[joined.length - 1] = last + word;
    else joined.push(word);
  }
  return joined;
}

/**
 * The lines that the script of a shell understands: a word, and what it means behind a tab; or `:files`.
 * @param words those of the command line up to the place where the user is; the last begins with `+`
 */
export function answerShell(program: Command, shell: CompletedShell, words: readonly string[]): string {
  const typed = [...words.slice(0, -1), (words.at(-1) ?? "").replace(/^\+/, "")];
  const line = shell === "bash" ? joinAtEquals(typed) : typed;
  const found = completeWords(program, line.slice(0, -1), line.at(-1) ?? "");
  if (found === "files") return ":files\n";
  const isTakenApart = line.length < typed.length;
  return found
    .map(({ word, description }) => {
      if (shell === "bash") return isTakenApart ? word.replace(/^--[a-z-]+=/, "") : word;
      return description === "" ? word : `${word}\t${description}`;
    })
    .map((text) => `${text}\n`)
    .join("");
}
