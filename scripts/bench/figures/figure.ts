import { type Spread, spreadOf } from "../measure/statistics.ts";

/** What a figure must reach. */
export interface Target {
  limit: number;
  isAtLeast?: boolean;
}

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

/** Measurements of several servers; those of one index were made one after the other. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

/** A figure that is the ratio of two servers, pair by pair. */
export function ratioFigure(options: {
  title: string;
  rounds: Rounds;
  of: string;
  to: string;
  target: Target | null;
  unit: string;
}): Figure {
  const { title, rounds, of, to, target, unit } = options;
  const others = rounds.get(to) ?? [];
  const ratios = (rounds.get(of) ?? []).map((value, index) => value / (others[index] ?? Number.NaN));
  return {
    title,
    unit: `x ${to}`,
    target,
    value: spreadOf(ratios),
    servers: { unit, values: spreadsOf(rounds) },
  };
}

/** A figure that is what one server adds to another, pair by pair. */
export function differenceFigure(options: {
  title: string;
  rounds: Rounds;
  of: string;
  to: string;
  target: Target | null;
  unit: string;
}): Figure {
  const { title, rounds, of, to, target, unit } = options;
  const others = rounds.get(to) ?? [];
  const added = (rounds.get(of) ?? []).map((value, index) => value - (others[index] ?? Number.NaN));
  return { title, unit, target, value: spreadOf(added), servers: { unit, values: spreadsOf(rounds) } };
}

/** A figure that stands for itself. */
export function plainFigure(options: {
  title: string;
  values: readonly number[];
  target: Target | null;
  unit: string;
}): Figure {
  const { title, values, target, unit } = options;
  return { title, unit, target, value: spreadOf(values), servers: null };
}

export function spreadsOf(rounds: Rounds): Record<string, Spread> {
  return Object.fromEntries([...rounds].map(([name, values]) => [name, spreadOf(values)]));
}

/** Null where there is no target. */
export function isMet({ target, value }: Figure): boolean | null {
  if (target === null) return null;
  return target.isAtLeast === true ? value.median >= target.limit : value.median <= target.limit;
}
