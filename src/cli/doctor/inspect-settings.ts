import { statSync } from "node:fs";
import type { SettingSource } from "../../config/found-texts.ts";
import { listUpstreams } from "../../config/list-upstreams.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { anthropicHost, isAnthropic, isAnthropicKey } from "../../profiles/known-upstreams.ts";
import { shortenHome } from "../shorten-home.ts";
import type { SetupFinding } from "./setup-finding.ts";

export interface SettingsSubject {
  readonly loaded: LoadedConfig;
  readonly homeDir: string;
  /** Variables of the environment that hold a real key of Anthropic. */
  readonly anthropicVariables: readonly string[];
}

/** Where the settings come from, what is doubtful in them, who can read them, and whose keys go where. */
export function inspectSettings(subject: SettingsSubject): SetupFinding[] {
  const { loaded } = subject;
  const keys = findWrongKeys(subject);
  // The same fault, said of the setting.
  const warnings = loaded.warnings.filter(
    (text) => keys.length === 0 || !text.includes(`like keys of ${anthropicHost}`),
  );
  return [
    { subject: "settings", standing: "ok", text: describeSources(subject) },
    ...warnings.map((text): SetupFinding => ({ subject: "settings", standing: "warning", text })),
    ...inspectModes(subject),
    ...(keys.length > 0
      ? keys
      : [{ subject: "keys", standing: "ok", text: "no key of Anthropic goes elsewhere" } as const]),
  ];
}

/** Names without values: those may be keys. */
function describeSources({ loaded, homeDir }: SettingsSubject): string {
  const byOrigin = new Map<string, string[]>();
  for (const [name, source] of loaded.sources) {
    if (source === "default") continue;
    const origin = nameSource(source, homeDir);
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), name]);
  }
  const { configPath, config } = loaded;
  const file =
    configPath === null
      ? []
      : [`${listUpstreams(config).length} upstreams from ${shortenHome(configPath, homeDir)}`];
  const settings = [...byOrigin].map(([origin, names]) => `${names.join(", ")} from ${origin}`);
  return [...file, ...settings, "all others are the defaults"].join("; ");
}

function nameSource(source: Exclude<SettingSource, "default">, homeDir: string): string {
  if (source === "flag") return "a flag";
  return source === "environment" ? "the environment" : shortenHome(source.file, homeDir);
}

/** That others can read a file is among the warnings. */
function inspectModes({
  loaded: { envPath, configPath, warnings },
  homeDir,
}: SettingsSubject): SetupFinding[] {
  const paths = [envPath, configPath].filter((path) => path !== null);
  const own = paths.filter(
    (path) =>
      (statSync(path).mode & 0o077) === 0 && !warnings.some((text) => text.startsWith(`${path} can be`)),
  );
  return process.platform === "win32"
    ? []
    : own.map((path) => ({
        subject: "files",
        standing: "ok",
        text: `nobody else can read ${shortenHome(path, homeDir)}`,
      }));
}

/** A real key of Anthropic that somebody else would get. */
function findWrongKeys({ loaded, anthropicVariables }: SettingsSubject): SetupFinding[] {
  const findings: SetupFinding[] = [];
  for (const { name, baseUrl, keys, passesClientKey } of listUpstreams(loaded.config)) {
    if (isAnthropic(baseUrl)) continue;
    const { host } = new URL(baseUrl);
    if (keys.some(isAnthropicKey)) {
      const text = `the key of ${name} begins with sk-ant-, as Anthropic's do, and would be sent to ${host}. Set that server's own key`;
      findings.push({ subject: "keys", standing: "fails", text });
    }
    if (passesClientKey && anthropicVariables.length > 0) {
      const text = `${anthropicVariables.join(" and ")} has a key of Anthropic, and ${name} passes it on to ${host}. Unset it, or give ${name} a key of its own`;
      findings.push({ subject: "keys", standing: "fails", text });
    }
  }
  return findings;
}
