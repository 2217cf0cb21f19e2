import type { SettingName } from "../config-schema.ts";
import type { FileConfig } from "../file-config.ts";
import type { FileLayer } from "../file-layer.ts";
import { defaultClient } from "../list-upstreams.ts";
import { readSettingsText } from "../read-settings-text.ts";
import { buildClients, checkAllowedTargets } from "./build-clients.ts";
import { buildModels } from "./build-models.ts";
import { buildCases, buildRoutes } from "./build-rules.ts";
import { buildUpstream } from "./build-upstream.ts";
import { type CheckedFile, checkSchema } from "./check-schema.ts";
import { collectSecrets } from "./collect-secrets.ts";
import { FaultList, formatFileLine } from "./fault-list.ts";
import type { FileContext } from "./file-context.ts";
import type { FileText } from "./file-schema.ts";
import { findModeRisk, hasWrittenKey } from "./find-open-key.ts";
import { createTextShower, isSecretPlace, type KeyPath, valueAt } from "./key-path.ts";
import { type ParsedYaml, parseYaml } from "./parse-yaml.ts";
import { type Substituted, substituteReferences } from "./references.ts";
import { type ReferenceSource, resolveReference } from "./resolve-reference.ts";
import { readServer } from "./server-settings.ts";

export interface FileLayerOptions extends ReferenceSource {
  /** The text of a setting in the layers above the file; undefined where none has it. */
  readonly settingAbove: (name: SettingName) => string | undefined;
  /** What the file would say, instead of what it says now: it need not exist. */
  readonly proposedText?: string;
}

/**
 * Reads a configuration file: all its faults at once, or what it says, with every secret in its place.
 * @param path absolute; the file exists, or its text is proposed
 */
export async function readFileLayer(path: string, options: FileLayerOptions): Promise<FileLayer> {
  const { proposedText: text } = options;
  const read = text === undefined ? readSettingsText(path) : { text, mode: 0o600 };
  if ("reason" in read) return failedLayer(path, [`${path} cannot be read: ${read.reason}`]);
  const yaml = parseYaml(read.text);
  if (yaml.syntaxFaults.length > 0) {
    return failedLayer(
      path,
      yaml.syntaxFaults.map(({ place, text }) => formatFileLine(path, place, text)),
    );
  }
  const written = fillSections(yaml.data);
  const substituted = await substituteReferences(written, (reference) =>
    resolveReference(reference, options),
  );
  return composeLayer({ path, mode: read.mode, yaml, written, substituted, options });
}

function failedLayer(path: string, problems: readonly string[]): FileLayer {
  return {
    path,
    texts: {},
    file: null,
    problems,
    addressProblems: problems,
    warnings: [],
    variables: new Set(),
    hasClients: false,
    clientKeys: [],
  };
}

interface ReadFile {
  readonly path: string;
  readonly mode: number;
  readonly yaml: ParsedYaml;
  readonly written: unknown;
  readonly substituted: Substituted;
  readonly options: FileLayerOptions;
}

function composeLayer({ path, mode, yaml, written, substituted, options }: ReadFile): FileLayer {
  const { hasReference, used, variables } = substituted;
  const faults = new FaultList(path, yaml.findPlace);
  const risks = new FaultList(path, yaml.findPlace);
  for (const fault of [...yaml.faults, ...substituted.faults]) faults.add(fault.path, fault.text);
  const checked = checkSchema(substituted.data, hasReference);
  for (const fault of checked.faults) faults.add(fault.path, fault.text);
  const clientNames = keysOf(substituted.data, "clients");
  const { texts, context } = createContext({ checked, yaml, written, substituted, options }, faults, risks);
  const built = context === null ? null : buildFile(path, context);
  const file = checked.file ?? { upstreams: {} };
  const secrets = [...new Set([...collectSecrets(file, used), ...listHidden(used)])];
  const problems = faults.format(secrets);
  const modeRisk = findModeRisk(path, mode, hasWrittenKey(file, hasReference), options.platform);
  return {
    path,
    texts,
    file: built === null || problems.length > 0 ? null : { ...built, secrets: collectSecrets(file, used) },
    problems,
    addressProblems: faults.format(secrets, ([section]) => section === "server"),
    warnings: [...(modeRisk === null ? [] : [modeRisk]), ...risks.format(secrets)],
    variables,
    hasClients: clientNames.length > 0,
    clientKeys: findClientKeys(file, substituted),
  };
}

/** Values of variables in places of secrets, also where they belong to an entry that is faulty. */
function listHidden(used: Substituted["used"]): string[] {
  return used.filter(({ path }) => isSecretPlace(path)).map(({ value }) => value);
}

function findClientKeys(file: FileText, { faults }: Substituted): FileLayer["clientKeys"] {
  const isLost = (name: string) => faults.some(({ path }) => path[0] === "clients" && path[1] === name);
  return Object.entries(file.clients ?? {})
    .filter(([name]) => !isLost(name))
    .map(([name, { key }]) => ({ name, key }));
}

interface ContextSource {
  readonly checked: CheckedFile;
  readonly yaml: ParsedYaml;
  readonly written: unknown;
  readonly substituted: Substituted;
  readonly options: FileLayerOptions;
}

/** The settings of the file, and what the other parts are built with; null without a map of upstreams. */
function createContext(
  { checked, yaml, written, substituted, options }: ContextSource,
  faults: FaultList,
  risks: FaultList,
): { texts: FileLayer["texts"]; context: FileContext | null } {
  const show = createTextShower(substituted.hasReference);
  const { file } = checked;
  const server = readServer(new Map(Object.entries(file?.server ?? {})));
  for (const { key, text, given } of server.faults) {
    const path: KeyPath = ["server", key];
    faults.add(path, show(path, given) + text);
  }
  if (file === null) return { texts: server.texts, context: null };
  const settingOf = (name: SettingName) => options.settingAbove(name) ?? server.texts[name];
  const longNames = new Map(
    Object.entries(file.upstreams).map(([name, { models }]) => [name, new Map(Object.entries(models ?? {}))]),
  );
  const hasDefault = settingOf("PROXY_API_KEY") !== undefined;
  const context: FileContext = {
    place: options,
    file,
    caseIndexes: checked.caseIndexes,
    upstreamNames: keysOf(substituted.data, "upstreams"),
    clientNames: [...keysOf(substituted.data, "clients"), ...(hasDefault ? [defaultClient] : [])],
    settingOf,
    findLongName: (upstream, model) => longNames.get(upstream)?.get(model),
    writtenAt: (path) => valueAt(written, path),
    show,
    lineOf: (path) => yaml.findPlace(path).line,
    report: faults.add,
    warn: risks.add,
  };
  return { texts: server.texts, context };
}

function buildFile(path: string, context: FileContext): Omit<FileConfig, "secrets"> {
  const { file, report, upstreamNames } = context;
  if (upstreamNames.length === 0)
    report(["upstreams"], "names no upstream. Example: upstreams: { ollama: {} }");
  const upstreams = Object.entries(file.upstreams).flatMap(([name, upstream]) => {
    const built = buildUpstream(name, upstream, context);
    return built === null ? [] : [[name, built] as const];
  });
  const routes = buildRoutes(context);
  const cases = buildCases(context);
  const clients = buildClients(context);
  checkAllowedTargets({ routes, cases }, clients, context);
  return { path, upstreams: new Map(upstreams), routes, cases, models: buildModels(context), clients };
}

/** A key without a value, such as a section whose lines are all comments, is as good as none; an upstream needs none. */
function fillSections(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const sections = Object.entries(data).filter(([name, value]) => value !== null || name === "upstreams");
  return Object.fromEntries(
    sections.map(([name, value]) => {
      if (name !== "upstreams" || typeof value !== "object" || value === null || Array.isArray(value))
        return [name, value];
      return [
        name,
        Object.fromEntries(Object.entries(value).map(([key, upstream]) => [key, upstream ?? {}])),
      ];
    }),
  );
}

function keysOf(data: unknown, section: string): string[] {
  const entries = valueAt(data, [section]);
  return typeof entries === "object" && entries !== null && !Array.isArray(entries)
    ? Object.keys(entries)
    : [];
}
