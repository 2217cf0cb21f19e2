import { parseArgs } from "node:util";
import { type FigureGroup, figureGroups } from "./figures/figure-groups.ts";

export interface BenchOptions {
  pairs: number;
  loadMs: number;
  groups: readonly FigureGroup[];
  /** Name and address of other proxies that are measured beside ours. */
  peers: readonly { name: string; url: URL }[];
  /** The compiled program; null builds it. */
  program: string | null;
  /** Where results go. */
  out: string;
  upstreamPort: number;
}

const usage = `bun run bench [options]

  --pairs N            how often each figure is measured of each server, in turns (5)
  --load-ms N          how long one measurement under load lasts (1000)
  --only A,B           these groups of figures only: ${figureGroups.map(({ name }) => name).join(", ")}
  --peer NAME=URL      measure the proxy at this address too; it must use the upstream of the bench
  --upstream-port N    port of that upstream (18080): http://127.0.0.1:18080/v1
  --program PATH       measure this compiled program instead of building one
  --out FOLDER         where results.json, results.md and chart.svg go (dist/bench)`;

/** Reads the command line. Throws an Error that tells how it is used. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pairs: { type: "string", default: "5" },
      "load-ms": { type: "string", default: "1000" },
      only: { type: "string", default: "" },
      peer: { type: "string", multiple: true, default: [] },
      "upstream-port": { type: "string", default: "18080" },
      program: { type: "string" },
      out: { type: "string", default: "dist/bench" },
    },
  });
  return {
    pairs: parseCount(values.pairs),
    loadMs: parseCount(values["load-ms"]),
    groups: parseGroups(values.only),
    peers: values.peer.map(parsePeer),
    program: values.program ?? null,
    out: values.out,
    upstreamPort: parseCount(values["upstream-port"]),
  };
}

function parseCount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(usage);
  return Number(text);
}

function parseGroups(text: string): readonly FigureGroup[] {
  if (text === "") return figureGroups;
  return text.split(",").map((name) => {
    const group = figureGroups.find((candidate) => candidate.name === name);
    if (group === undefined) throw new Error(usage);
    return group;
  });
}

function parsePeer(text: string): { name: string; url: URL } {
  const [, name, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || url === undefined || !URL.canParse(url)) throw new Error(usage);
  return { name, url: new URL(url) };
}
