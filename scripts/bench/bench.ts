// Measures the proxy beside nginx, bare Bun and other proxies: `bun run bench`; see docs/performance.md.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBenchOptions } from "./bench-options.ts";
import type { Figure } from "./figures/figure.ts";
import { describeMachine } from "./report/describe-machine.ts";
import { drawChart } from "./report/draw-chart.ts";
import { formatTables } from "./report/format-tables.ts";
import { startServers } from "./start-servers.ts";

async function buildProgram(folder: string): Promise<string> {
  const program = join(folder, "claude-proxy");
  const build = join(import.meta.dir, "../build.ts");
  const { exitCode, stderr } = Bun.spawnSync([
    process.execPath,
    "--no-env-file",
    build,
    "--outfile",
    program,
  ]);
  if (exitCode !== 0) throw new Error(`The program could not be built: ${stderr.toString()}`);
  return program;
}

const options = parseBenchOptions(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), "claude-proxy-bench-"));
const startMs = performance.now();
const { context, stop } = await startServers(options, {
  folder,
  program: options.program ?? (await buildProgram(folder)),
});
const figures: Figure[] = [];
try {
  for (const group of options.groups) figures.push(...(await group.measure(context)));
} finally {
  await stop();
  await rm(folder, { recursive: true, force: true });
}

const machine = describeMachine((performance.now() - startMs) / 1000);
const tables = formatTables(figures, machine);
await mkdir(options.out, { recursive: true });
await Bun.write(join(options.out, "results.json"), `${JSON.stringify({ machine, figures }, null, 2)}\n`);
await Bun.write(join(options.out, "results.md"), tables);
await Bun.write(join(options.out, "chart.svg"), drawChart(figures, context.proxy.name));
console.log(tables);
process.exit();
