/** The words for what lies within a tool, by the beginning of the path behind it. */
const partsOfTool: readonly (readonly [start: RegExp, words: string])[] = [
  [/^(?:\.function)?\.description\b/, "the description of "],
  [/^(?:\.function)?\.(?:parameters|input_schema)\b/, "the schema of "],
  [/^(?:\.function)?\.name\b/, "the name of "],
];

const wholeMembers = new Map([
  ["tools", "the list of tools"],
  ["system", "the system prompt"],
  ["instructions", "the system prompt"],
  ["model", "the model"],
]);

/** A place in a request in words, with the path behind them: `the description of tool 2 (tools[1].description)`. */
export function describePlace(path: string): string {
  const words = findWords(path);
  if (words === null) return path;
  return wholeMembers.has(path) ? words : `${words} (${path})`;
}

function findWords(path: string): string | null {
  const [, member = "", index, rest = ""] = /^(\w+)(?:\[(\d+)\])?(.*)$/s.exec(path) ?? [];
  if (index === undefined) return wholeMembers.get(member) ?? null;
  const number = Number(index) + 1;
  switch (member) {
    case "tools": {
      const part = partsOfTool.find(([start]) => start.test(rest))?.[1] ?? "";
      return `${part}tool ${number}`;
    }
    case "messages":
    case "input":
      return `message ${number}`;
    default:
      return wholeMembers.get(member) ?? null;
  }
}
