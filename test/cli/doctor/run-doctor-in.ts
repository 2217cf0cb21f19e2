import { runProgram } from "../../../src/cli/run-program.ts";
import type { CheckId, Standing } from "../../../src/conformance/check.ts";
import { createSettingsFile } from "../../support/settings-file.ts";
import { createCollectingTerminal } from "../collecting-terminal.ts";

export interface DoctorRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `doctor` with these settings in a file, on a terminal of this width. */
export async function runDoctorIn(
  settings: string,
  args: readonly string[],
  columns: number | null = null,
): Promise<DoctorRun> {
  using file = createSettingsFile(settings);
  const terminal = { ...createCollectingTerminal(), columns };
  const exitCode = await runProgram(["doctor", ...args, "--env-file", file.path], terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

/** The settings of one upstream. */
export function settingsFor(url: string, more = "", model = "some-model"): string {
  return `BASE_URL=${url}\nOPENAI_API_KEY=upstream-key\nBIG_MODEL_NAME=${model}\nSMALL_MODEL_NAME=${model}\nPORT=0\n${more}`;
}

export interface Seen {
  readonly exitCode: number;
  /** What is not ok in the set-up. */
  readonly setup: readonly string[];
  /** The checks that did not pass, with what was mended. */
  readonly checks: Readonly<Partial<Record<CheckId, [Standing, ...string[]]>>>;
}

/** What is not as it should be, read from the JSON. */
export async function diagnose(settings: string, args: readonly string[] = []): Promise<Seen> {
  const { exitCode, out } = await runDoctorIn(settings, ["--yes", "--json", "--time-limit", "20", ...args]);
  const report = JSON.parse(out);
  const entries = report.targets.flatMap(({ checks }: { checks: Record<string, unknown>[] }) =>
    checks.flatMap(({ id, standing, repairs, found }) => {
      if (standing === "pass") return [];
      return [
        [
          id,
          standing === "repaired"
            ? [standing, found, ...(Array.isArray(repairs) ? repairs : [])]
            : [standing, found],
        ],
      ];
    }),
  );
  const setup = report.setup.flatMap(({ standing, subject, text }: Record<string, string>) =>
    standing === "ok" ? [] : [`${standing} ${subject}: ${text}`],
  );
  return { exitCode, setup, checks: Object.fromEntries(entries) };
}
