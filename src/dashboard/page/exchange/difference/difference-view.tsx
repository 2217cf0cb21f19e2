import { useEffect, useState } from "preact/hooks";
import { toVisibleText } from "../../parts/visible-text.ts";
import { compareTexts, type LineRun, shortenRuns } from "./compare-texts.ts";

/** More of a line, and more lines, are not shown: the messages themselves have them. */
const longestLine = 2000;
const mostLines = 3000;

const signs = { same: " ", removed: "−", added: "+" } as const;
const spoken = { same: "", removed: "removed: ", added: "added: " } as const;

export interface DifferenceProps {
  /** What stands above: what is compared with what. */
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

/** The difference of two texts, line by line. */
export function DifferenceView({ title, before, after }: DifferenceProps) {
  const [runs, setRuns] = useState<readonly LineRun[] | "comparing" | "too different">("comparing");
  useEffect(() => {
    let isWanted = true;
    setRuns("comparing");
    void compareTexts(before, after).then((found) => {
      if (isWanted) setRuns(found ?? "too different");
    });
    return () => {
      isWanted = false;
    };
  }, [before, after]);
  if (runs === "comparing") return <p class="quiet">Comparing…</p>;
  if (runs === "too different") {
    return (
      <p>These two differ in too many lines to compare them here. Show them beside each other instead.</p>
    );
  }
  const changed = runs.filter(({ kind }) => kind !== "same");
  if (changed.length === 0) return <p>{title}: no difference.</p>;
  const count = (wanted: LineRun["kind"]) =>
    changed.reduce((sum, { kind, lines }) => sum + (kind === wanted ? lines.length : 0), 0);
  return (
    <>
      <p class="quiet">
        {title}: {count("removed")} lines removed, {count("added")} added.
      </p>
      <Runs runs={runs} />
    </>
  );
}

function Runs({ runs }: { runs: readonly LineRun[] }) {
  let left = mostLines;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
    <section class="difference wire-box" tabIndex={0} aria-label="Difference">
      {shortenRuns(runs).map((run, index) => {
        const key = `${index} ${run.kind}`;
        if (left <= 0) return null;
        if (run.kind === "skipped") {
          return (
            <p key={key} class="quiet skipped">
              … {run.count.toLocaleString("en-US")} equal lines …
            </p>
          );
        }
        const lines = run.lines.slice(0, left);
        left -= lines.length;
        return (
          <pre key={key} class={run.kind}>
            <span class="unseen">{spoken[run.kind]}</span>
            {lines.map((line) => `${signs[run.kind]} ${shorten(line)}\n`).join("")}
          </pre>
        );
      })}
      {left <= 0 && <p class="quiet">… and more. The messages themselves have all of it.</p>}
    </section>
  );
}

function shorten(line: string): string {
  return toVisibleText(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
}
