import { classifyJson } from "../../../json/classify-json.ts";
import { isJsonObject } from "../../../json/json-value.ts";
import { parseExactJson } from "../../../json/long-numbers.ts";
import type { CallCut } from "./call-cut.ts";
import { MemberFilter } from "./member-filter.ts";
import type { MemberRules } from "./member-rules.ts";

/** The text after the first object of a call's arguments. */
export type Behind =
  /** It means nothing: brackets, tags, the end of a fence. */
  | { kind: "nothing" }
  /** It consists of other complete objects: each is the arguments of a further call of the same tool. */
  | { kind: "calls"; others: readonly string[]; warning: string }
  /** It is another object that breaks off, and the upstream did not say that the answer is complete. */
  | { kind: "broken-off" }
  /** Anything else: it may be a part of the intended arguments. */
  | { kind: "unknown" };

/**
 * Reads the text after the first object, which is `first` (rule 3.5). Servers put parallel calls of one tool into one,
 * and some repeat the whole arguments after their pieces: an object that already occurred is no other call. Linear in
 * the text.
 */
export function readBehind(first: string, text: string, rules: MemberRules, cut: CallCut): Behind {
  if (isClosingMarks(text)) return { kind: "nothing" };
  const value = parseExactJson(first);
  if (!isJsonObject(value)) return { kind: "unknown" };
  const known = new Set([JSON.stringify(value)]);
  const others: string[] = [];
  let warning = "arguments that came twice were taken once";
  for (let rest = text; rest !== ""; ) {
    if (!rest.startsWith("{"))
      return isClosingMarks(rest) ? { kind: "calls", others, warning } : { kind: "unknown" };
    const filter = new MemberFilter(rules);
    const object = filter.push(rest) + filter.flush();
    rest = filter.behind;
    const other = parseExactJson(object);
    if (filter.isDone && isJsonObject(other)) {
      const key = JSON.stringify(other);
      if (!known.has(key) && !filter.isEmpty) {
        others.push(object);
        warning = "arguments of several calls came in one";
      }
      known.add(key);
    } else {
      if (filter.isDone || cut === "unexpected" || classifyJson(object) !== "incomplete")
        return { kind: "unknown" };
      if (cut === "possible") return { kind: "broken-off" };
      return { kind: "calls", others, warning: "a tool call that was cut off was left out" };
    }
  }
  return { kind: "calls", others, warning };
}

const tag = /<[^<>]*>/y;

/**
 * Whether a text consists of closing brackets, tags and fences, with blanks between. Not an expression: for a repeated
 * choice it would keep a place to backtrack to for every character, which takes seconds for a million.
 */
function isClosingMarks(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "<") {
      tag.lastIndex = at;
      const [found] = tag.exec(text) ?? [];
      if (found === undefined) return false;
      at += found.length - 1;
    } else if (!"]})`".includes(sign) && sign.trim() !== "") return false;
  }
  return true;
}
