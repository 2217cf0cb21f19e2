/** Texts on which a pattern may take long: parts of what it looks for, over and over, and then what does not fit. */
export interface HostileText {
  /** What is repeated, for the report. */
  fragment: string;
  text: string;
}

/** The longest run of parts that is repeated. */
const maxParts = 8;
/** No part of any pattern; and nothing, so that a text that fits is tried as well. */
const endings = ["\u0001", ""];

const samples: Readonly<Record<string, string>> = {
  ...{ d: "1", D: "a", s: " ", S: "a", w: "a", W: "-", n: "\n", r: "\r", t: "\t", b: "", B: "" },
};

/** The parts of a pattern in order, each as a text that it fits: letters, samples of classes; signs and groups go. */
export function listParts(source: string): string[] {
  const parts: string[] = [];
  const token =
    /\(\?(?:[:=!]|<[=!]|<\w+>)|\\u\{?([\da-f]+)\}?|\\x([\da-f]{2})|\\[pP]\{[^}]*\}|\\k<\w+>|\\(.)|\[\^?((?:\\.|[^\]\\])*)\]|\{\d+(?:,\d*)?\}|[()|^$*+?]|([\s\S])/giy;
  for (const [whole, unicode, hex, escaped, members, letter] of source.matchAll(token)) {
    const code = unicode ?? hex;
    if (code !== undefined) parts.push(String.fromCodePoint(Number.parseInt(code, 16)));
    else if (escaped !== undefined) parts.push(samples[escaped] ?? escaped);
    else if (members !== undefined) parts.push(sampleOfClass(whole, members));
    else if (letter !== undefined) parts.push(letter === "." ? "a" : letter);
  }
  return parts.filter((part) => part !== "");
}

function sampleOfClass(whole: string, members: string): string {
  if (whole.startsWith("[^")) return ["a", "1", " ", "-"].find((text) => new RegExp(whole).test(text)) ?? "a";
  const first = /^\\(?:u([\da-f]{4})|(.))/i.exec(members);
  if (first?.[1] !== undefined) return String.fromCodePoint(Number.parseInt(first[1], 16));
  return first?.[2] === undefined ? members.charAt(0) : (samples[first[2]] ?? first[2]);
}

/** Texts of about `length` characters: each run of parts repeated, by itself and behind all that stands before it. */
export function* makeHostileTexts(source: string, length: number): Generator<HostileText> {
  const parts = listParts(source);
  const seen = new Set<string>();
  for (let from = 0; from < parts.length; from += 1) {
    for (const to of [...Array.from({ length: maxParts }, (_, more) => from + more + 1), parts.length]) {
      const fragment = parts.slice(from, to).join("");
      const before = parts.slice(0, from).join("");
      for (const start of new Set(["", before])) {
        if (seen.has(`${start} ${fragment}`)) continue;
        seen.add(`${start} ${fragment}`);
        const repeated = start + fragment.repeat(Math.ceil(length / fragment.length));
        for (const ending of endings) yield { fragment, text: repeated + ending };
      }
    }
  }
}
