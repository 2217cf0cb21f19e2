import { medianOf } from "../../median-of.ts";
import type { Rounds } from "../measure/measure-in-turns.ts";

/** A median and how far the runs lie apart. */
export interface Spread {
  median: number;
  least: number;
  most: number;
  runs: number;
}

/** What a figure must reach: at most so much, or at least. */
export type Target = { atMost: number } | { atLeast: number };

/** One line of the table. */
export interface Figure {
  title: string;
  unit: string;
  target: Target | null;
  /** What is held against the target. */
  value: Spread;
  /** The same figure of every server, in a unit that needs no yardstick. */
  servers: { unit: string; values: Record<string, Spread> } | null;
}

interface FigureOptions {
  title: string;
  unit: string;
  target?: Target;
}

/** A figure that stands for itself; `rounds` are the same of every server. */
export function plainFigure(options: FigureOptions & { values: readonly number[]; rounds?: Rounds }): Figure {
  const { title, unit, target = null, values, rounds } = options;
  const servers = rounds === undefined ? null : { unit, values: spreadsOf(rounds) };
  return { title, unit, target, value: spreadOf(values), servers };
}

/** A figure that sets ours against another server, pair by pair: how many times as much, or how much more. */
export function comparedFigure(
  options: FigureOptions & { rounds: Rounds; to: string; as: "ratio" | "difference" },
): Figure {
  const { title, unit, target = null, rounds, to, as } = options;
  const others = rounds.get(to) ?? [];
  const values = (rounds.get("claude-proxy") ?? []).map((value, index) => {
    const other = others[index] ?? Number.NaN;
    return as === "ratio" ? value / other : value - other;
  });
  const servers = { unit, values: spreadsOf(rounds) };
  return { title, unit: as === "ratio" ? `x ${to}` : unit, target, value: spreadOf(values), servers };
}

function spreadOf(values: readonly number[]): Spread {
  return {
    median: medianOf(values),
    least: Math.min(...values),
    most: Math.max(...values),
    runs: values.length,
  };
}

function spreadsOf(rounds: Rounds): Record<string, Spread> {
  return Object.fromEntries([...rounds].map(([name, values]) => [name, spreadOf(values)]));
}
