import { readDecimal } from "../../json/whole-number.ts";
import type { NumberCondition } from "../record-filter.ts";

type Unit = "tokens" | "ms" | "dollars" | "plain";

/** What the units multiply by; the empty name stands for none. */
const factors: Readonly<Record<Unit, ReadonlyMap<string, number>>> = {
  plain: new Map([["", 1]]),
  dollars: new Map([["", 1]]),
  tokens: new Map([
    ["", 1],
    ["k", 1000],
    ["m", 1_000_000],
  ]),
  ms: new Map([
    ["", 1],
    ["ms", 1],
    ["s", 1000],
    ["m", 60_000],
    ["min", 60_000],
    ["h", 3_600_000],
  ]),
};

const condition = /^(<=|>=|<|>|=)?(\$?)(\d+(?:\.\d+)?(?:e[+-]?\d+)?)([a-z]*)$/i;

/** A comparison such as `>100k`, `<=2s`, `429`; null if the text is none. Without a sign the number itself is meant. */
export function parseQuantity(text: string, unit: Unit): NumberCondition | null {
  const [, sign = "=", dollar = "", digits = "", name = ""] = condition.exec(text) ?? [];
  const factor = factors[unit].get(name.toLowerCase());
  const count = readDecimal(digits);
  if (count === null || factor === undefined || (dollar !== "" && unit !== "dollars")) return null;
  const value = count * factor;
  return Number.isFinite(value) ? { comparison: readComparison(sign), value } : null;
}

/** A status, also a whole class of them: `429`, `>=400`, `4xx`; null if the text is none. */
export function parseStatus(text: string): readonly NumberCondition[] | null {
  const hundreds = readDecimal(/^=?([1-5])xx$/i.exec(text)?.[1]);
  if (hundreds !== null) {
    const first = hundreds * 100;
    return [
      { comparison: ">=", value: first },
      { comparison: "<", value: first + 100 },
    ];
  }
  const one = parseQuantity(text, "plain");
  return one === null ? null : [one];
}

function readComparison(sign: string): NumberCondition["comparison"] {
  return sign === "<" || sign === "<=" || sign === ">=" || sign === ">" ? sign : "=";
}
