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

/** A figure that stands for itself. */
export function plainFigure(
  title: string,
  unit: string,
  values: readonly number[],
  target: Target | null = null,
): Figure {
  return { title, unit, target, value: spreadOf(values), servers: null };
}

/** What was measured of each server, and how one is set against another, pair by pair. */
interface Comparison {
  rounds: Rounds;
  unit: string;
  /** Ours, if it is not named. */
  of?: string;
  to: string;
  as: "ratio" | "difference";
}

/** A figure of one server that is how many times as much as another's, or how much more. */
export function comparedFigure(title: string, comparison: Comparison, target: Target | null = null): Figure {
  const { rounds, unit, of = "claude-proxy", to, as } = comparison;
  const others = rounds.get(to) ?? [];
  const values = (rounds.get(of) ?? []).map((value, index) => {
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

export function spreadsOf(rounds: Rounds): Record<string, Spread> {
  return Object.fromEntries([...rounds].map(([name, values]) => [name, spreadOf(values)]));
}
