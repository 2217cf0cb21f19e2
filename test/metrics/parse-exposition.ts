/** A family as it was read. */
export interface ParsedFamily {
  type: string;
  help: string;
  /** By the line without its value: `name{label="text"}`. */
  samples: Map<string, number>;
}

const linePattern =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (\S+)$/;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,(?=.)|$)/gy;

/**
 * Reads Prometheus' text form 0.0.4 and refuses what it does not allow: a family without HELP and TYPE before its lines
 * or in two places, a line twice, a label twice, names and values out of form, histograms that do not add up.
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  const families = new Map<string, ParsedFamily>();
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line has no end");
  let current: { name: string; family: ParsedFamily } | null = null;
  let helpOf: { name: string; help: string } | null = null;
  for (const line of text.split("\n").slice(0, -1)) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === "HELP") {
      if (families.has(name)) throw new Error(`${name} is there twice`);
      helpOf = { name, help: rest };
    } else if (kind === "TYPE") {
      if (helpOf?.name !== name) throw new Error(`${name} has no HELP`);
      if (!/^(counter|gauge|histogram)$/.test(rest)) throw new Error(`${name} is a ${rest}`);
      if (rest === "counter" && !name.endsWith("_total")) throw new Error(`${name} does not end with _total`);
      current = { name, family: { type: rest, help: helpOf.help, samples: new Map() } };
      families.set(name, current.family);
    } else {
      if (current === null) throw new Error(`no family: ${line}`);
      addSample(line, current);
    }
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

function addSample(line: string, { name, family }: { name: string; family: ParsedFamily }): void {
  const [, sample = "", labels = "", value = ""] = linePattern.exec(line) ?? [];
  const suffix = sample.slice(name.length);
  const suffixes = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  if (!sample.startsWith(name) || !suffixes.includes(suffix)) throw new Error(`not of ${name}: ${line}`);
  labelPattern.lastIndex = 0;
  const names = Array.from(labels.matchAll(labelPattern), ([, label]) => label);
  if (new Set(names).size !== names.length) throw new Error(`a label twice: ${line}`);
  const number = value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value);
  if (value === "" || Number.isNaN(number)) throw new Error(`no number: ${line}`);
  const key = line.slice(0, line.lastIndexOf(" "));
  if (family.samples.has(key)) throw new Error(`twice: ${line}`);
  family.samples.set(key, number);
}

function checkFamily(name: string, { type, samples }: ParsedFamily): void {
  if (samples.size === 0) throw new Error(`${name} has no line`);
  if (type === "counter" && [...samples.values()].some((value) => value < 0)) throw new Error(`${name} < 0`);
  if (type !== "histogram") return;
  let last = 0;
  for (const [key, value] of samples) {
    if (key.startsWith(`${name}_bucket`)) {
      if (value < last) throw new Error(`${key} is less than the bucket before`);
      last = value;
      continue;
    }
    if (key.startsWith(`${name}_count`) && value !== last) throw new Error(`${key} is not its last bucket`);
    if (key.startsWith(`${name}_count`)) last = 0;
  }
}
