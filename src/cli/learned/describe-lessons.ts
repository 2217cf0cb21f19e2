import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import type { Paint } from "../../logging/paint.ts";
import type { ListedLesson } from "../../relay/list-lessons.ts";
import { formatTime } from "../format-time.ts";

export interface LessonView {
  /** The file they come from. */
  readonly filePath: string;
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
}

/** The output of `learned`: upstream, model, then what was learned, when, and from which answer. Ends with a line break. */
export function describeLessons(lessons: readonly ListedLesson[], view: LessonView): string {
  const { filePath, paint, columns } = view;
  if (lessons.length === 0)
    return `${foldText(`Nothing was learned yet, says ${filePath}`, columns, "  ")}\n`;
  const lines: string[] = [];
  let last: ListedLesson | null = null;
  for (const lesson of lessons) {
    const { upstream, name, model, what, at, from } = lesson;
    if (upstream !== last?.upstream) {
      const title = name === null ? upstream : `${name} (${upstream})`;
      lines.push(...(last === null ? [] : [""]), paint("bold", escapeControlCharacters(title)));
    }
    if (upstream !== last?.upstream || model !== last.model)
      lines.push(`  ${escapeControlCharacters(model)}`);
    const row = `    ${formatTime(new Date(at))}  ${escapeControlCharacters(what)}`;
    lines.push(foldText(row, columns, " ".repeat(21)));
    if (from !== "") lines.push(foldText(`      from ${escapeControlCharacters(from)}`, columns, "  "));
    last = lesson;
  }
  return `${lines.join("\n")}\n`;
}
