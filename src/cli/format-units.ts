/** Dollars: `$1.24`, `<$0.01`; with costs that are not known among them `$1.24 + ?`, with no others `?`. */
export function formatCost(costUsd: number, unknownCosts: number): string {
  if (unknownCosts === 0) return formatDollars(costUsd);
  return costUsd === 0 ? "?" : `${formatDollars(costUsd)} + ?`;
}

function formatDollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return "<$0.01";
  const [whole = "", cents = ""] = usd.toFixed(2).split(".");
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

/** A duration: `0.4 s`, `12.4 s`, `2.1 min`; `-` if there is none. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return "-";
  return ms < 99_950 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** A share of a whole: `87%`; `-` of nothing. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.round((part / whole) * 100)}%`;
}
