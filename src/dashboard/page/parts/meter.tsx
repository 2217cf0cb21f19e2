export interface MeterProps {
  /** What it measures, for those who do not see it. */
  readonly label: string;
  /** From 0; more than 1 is full. */
  readonly share: number;
  /** The same in words: the bar alone does not say how much. */
  readonly text: string;
}

/** A bar that fills up, with its value in words. From 80 % on it warns, at 100 % it is full. */
export function Meter({ label, share, text }: MeterProps) {
  const level = share >= 1 ? "full" : share >= 0.8 ? "high" : "low";
  return (
    <span class={`meter meter-${level}`}>
      <meter aria-label={label} min={0} max={1} value={Math.min(1, share)} />
      <span class="meter-text">{text}</span>
    </span>
  );
}
