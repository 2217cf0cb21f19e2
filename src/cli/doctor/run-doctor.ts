import { isatty } from "node:tty";
import type { FileConfig } from "../../config/file-config.ts";
import { findAnthropicKeys } from "../../config/find-anthropic-keys.ts";
import { findHomeDir } from "../../config/find-home-dir.ts";
import { listSecrets } from "../../config/list-upstreams.ts";
import type { LoadConfigOptions, LoadedConfig } from "../../config/load-config.ts";
import { loadConfigWithFile } from "../../config/load-config-with-file.ts";
import { type ConformanceTarget, listTargets, parseTarget } from "../../conformance/target.ts";
import { foldText } from "../../logging/fold-text.ts";
import { createPaint } from "../../logging/paint.ts";
import { createTextRedactor } from "../../logging/redact-text.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { confirmRun } from "./confirm-run.ts";
import { type DoctorLook, describeEstimate, describeSetup } from "./describe-doctor.ts";
import { type DoctorReport, isFine, type TargetReport } from "./doctor-report.ts";
import { inspectMachine } from "./inspect-machine.ts";
import { inspectRecord } from "./inspect-record.ts";
import { inspectSettings } from "./inspect-settings.ts";
import { inspectUpstreams } from "./inspect-upstreams.ts";
import { buildTableHead, buildTableRows, saveRows } from "./models-table.ts";
import { type PlannedTarget, planTargets, tryTargets } from "./try-targets.ts";

export interface DoctorOptions {
  /** `upstream/model`, or a model; none for those of the configuration. */
  readonly targets: readonly string[];
  readonly isAgreed: boolean;
  readonly isJson: boolean;
  readonly isSetupOnly: boolean;
  /** A Markdown file for the rows, `-` to print them; null for none. */
  readonly savePath: string | null;
  /** How long one answer may take. */
  readonly limitMs: number;
  readonly settings: Pick<LoadConfigOptions, "configFile" | "envFile" | "flags">;
}

/**
 * Looks at the set-up, then tries each target.
 * @throws ConfigError if the settings do not allow a start; CommandError if something fails, after all was told
 */
export async function runDoctor(options: DoctorOptions, terminal: Terminal): Promise<void> {
  const loaded = await loadConfigWithFile(options.settings);
  const { config, secrets } = loaded;
  const targets = selectTargets(loaded, options.targets);
  if (targets.length === 0 && !options.isSetupOnly) {
    throw new CommandError(
      "The configuration names no model, only stars. Name one: claude-proxy doctor upstream/model",
      2,
    );
  }
  const redact = createTextRedactor([...secrets, ...listSecrets(config)]);
  const look: DoctorLook = { paint: createPaint(terminal.useColor), columns: terminal.columns };
  const tell = options.isJson ? () => {} : terminal.stdout;

  const upstreams = [...new Map(targets.map(({ settings }) => [settings.name, settings])).values()];
  const { findings, unreached } = await inspectUpstreams(upstreams, options.limitMs);
  const setup = [
    ...inspectSettings({ loaded, homeDir: findHomeDir(), anthropicVariables: findAnthropicKeys() }),
    ...(await inspectMachine(config)),
    ...(await inspectRecord(config.record)),
    ...findings,
  ].map((finding) => ({ ...finding, text: redact(finding.text) }));
  tell(describeSetup(setup, look));

  const reports = options.isSetupOnly
    ? []
    : await runTargets(targets, { loaded, unreached, options, terminal, look, redact, tell });
  const ok = isFine(setup, reports);
  const report: DoctorReport = { version, time: new Date().toISOString(), setup, targets: reports, ok };
  if (options.isJson) terminal.stdout(`${JSON.stringify(report, null, 2)}\n`);
  if (options.savePath !== null) save(report, options.savePath, tell);
  // What fails has been told.
  if (!ok) throw new CommandError("", 1);
}

interface RunParts {
  readonly loaded: LoadedConfig;
  readonly unreached: ReadonlySet<string>;
  readonly options: DoctorOptions;
  readonly terminal: Terminal;
  readonly look: DoctorLook;
  readonly redact: (text: string) => string;
  readonly tell: (text: string) => void;
}

async function runTargets(targets: readonly ConformanceTarget[], parts: RunParts): Promise<TargetReport[]> {
  const { loaded, unreached, options, terminal, look, redact, tell } = parts;
  const { limitMs } = options;
  const planned = await planTargets(targets, { config: loaded.config, unreached, limitMs });
  const tried = planned.filter(({ skipped }) => skipped === null);
  announce(tried, terminal);
  const mayCost = tried.some(({ estimate }) => estimate.mostUsd !== 0);
  const isInteractive = terminal.columns !== null && isatty(0);
  if (!confirmRun({ isAgreed: options.isAgreed, mayCost, isInteractive, ask: terminal.stderr }))
    throw new CommandError("Nothing was sent.", 1);
  return await tryTargets(planned, { ...loaded, limitMs, redact, look, tell });
}

function announce(planned: readonly PlannedTarget[], terminal: Terminal): void {
  for (const { name, estimate } of planned)
    terminal.stderr(`${foldText(describeEstimate(name, estimate), terminal.columns, "  ")}\n`);
}

/** @throws CommandError for a name that is none */
function selectTargets({ config }: LoadedConfig, names: readonly string[]): ConformanceTarget[] {
  if (names.length === 0) return listTargets(config);
  return names.map((name) => {
    const target = parseTarget(config, name);
    if (target !== null) return target;
    throw new CommandError(describeNoTarget(name, config.file), 2);
  });
}

function describeNoTarget(name: string, file: FileConfig | null): string {
  if (file === null) return `"${name}" names no model. Name one: claude-proxy doctor MODEL`;
  const known = [...file.upstreams.keys()].join(", ");
  return `"${name}" is no target. It is written upstream/model, and the upstreams are: ${known}`;
}

function save(report: DoctorReport, path: string, tell: (text: string) => void): void {
  const rows = buildTableRows(report);
  const show = () => tell(`\n${buildTableHead()}${rows.map((row) => `${row}\n`).join("")}`);
  if (path === "-") show();
  else if (rows.length > 0) {
    try {
      saveRows(path, rows);
    } catch (error) {
      // The run may have cost money: its rows are not lost.
      show();
      throw error;
    }
    tell(`\n${rows.length === 1 ? "The row is" : "The rows are"} in the table of ${path}\n`);
  }
}
