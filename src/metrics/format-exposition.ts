/** One line of a family. */
export interface Sample {
  /** What follows the family's name: `_bucket`; left out for nothing. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Numbers of one name and meaning. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/** The media type of the text. */
export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * The families in Prometheus' text form, version 0.0.4; those without a sample are left out. Of samples with the same
 * labels, which it does not allow, only the first is told.
 */
export function formatExposition(families: readonly MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help.replace(/[\\\n]/g, escapeCharacter)}\n`,
        `# TYPE ${name} ${type}\n`,
        ...formatSamples(name, samples),
      ].join(""),
    )
    .join("");
}

function formatSamples(name: string, samples: readonly Sample[]): string[] {
  const told = new Set<string>();
  return samples.flatMap((sample) => {
    const key = formatKey(name, sample);
    if (told.has(key)) return [];
    told.add(key);
    return [`${key} ${formatValue(sample.value)}\n`];
  });
}

function formatKey(name: string, { suffix, labels }: Sample): string {
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${label}="${text.toWellFormed().replace(/[\\\n"]/g, escapeCharacter)}"`,
  );
  const inBraces = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${suffix ?? ""}${inBraces}`;
}

function escapeCharacter(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
