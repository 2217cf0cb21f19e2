import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { ModelFacts } from "../../config/file-config.ts";
import { listUpstreams, upstreamAddress } from "../../config/list-upstreams.ts";
import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import { anyModel, type FactsByModel, findFacts, noFacts } from "../../knowledge/facts.ts";
import { type FetchedLists, readFactsFile } from "../../knowledge/facts-file.ts";
import { fetchFacts } from "../../knowledge/fetch-facts.ts";
import { factsFileName } from "../../knowledge/fetched-facts.ts";
import { createModelKnowledge } from "../../knowledge/model-knowledge.ts";
import { explainListFault } from "./explain-list-fault.ts";
import { findUses } from "./find-uses.ts";
import type { ModelsReport, ReportedModel, ReportedUpstream } from "./models-report.ts";

export interface ListModelsOptions {
  /** The names of the upstreams to ask. */
  readonly upstreams: ReadonlySet<string>;
  /** Whether a model is wanted, by its target and its name. */
  readonly isWanted: (target: string, name: string | null) => boolean;
  /** Takes a fault of the file with what upstreams said before. */
  readonly warn: (message: string, cause: unknown) => void;
}

/** What an upstream said of its models, now or before. */
interface ToldList {
  readonly models: FactsByModel;
  readonly fault: string | null;
  /** Milliseconds since 1970; null if it never told any. */
  readonly atMs: number | null;
}

/**
 * Asks upstreams for their models, all at once, and lays over it what the configuration says. Of one that does not answer
 * it reports what it said before. Never rejects for what an upstream does.
 */
export async function listModels(config: Config, options: ListModelsOptions): Promise<ModelsReport> {
  const upstreams = listUpstreams(config).filter(({ name }) => options.upstreams.has(name));
  const uses = findUses(config);
  let kept: Promise<FetchedLists> | null = null;
  const readKept = () => {
    kept ??= readFactsFile(join(config.stateFolder, factsFileName), options.warn);
    return kept;
  };
  const lists = new Map(
    await Promise.all(
      upstreams.map(async (upstream) => {
        const wanted = [...(uses.get(upstream.name)?.keys() ?? [])];
        return [upstream.name, await askForList(upstream, wanted, readKept)] as const;
      }),
    ),
  );
  const ofList = (upstream: UpstreamSettings, model: string) =>
    findFacts(lists.get(upstream.name)?.models ?? new Map(), model);
  const knowledge = createModelKnowledge(config.file ?? { upstreams: new Map(), models: new Map() }, {
    of: ofList,
  });
  return {
    upstreams: upstreams.map((upstream) => {
      const told = lists.get(upstream.name) ?? { models: new Map(), fault: null, atMs: null };
      const factsOf = (id: string) =>
        config.file === null
          ? ofList(upstream, id)
          : knowledge.factsOf({ upstream: upstream.name, model: id });
      return reportUpstream(upstream, told, {
        uses: uses.get(upstream.name) ?? new Map(),
        factsOf,
        isWanted: options.isWanted,
      });
    }),
  };
}

async function askForList(
  upstream: UpstreamSettings,
  wanted: readonly string[],
  readKept: () => Promise<FetchedLists>,
): Promise<ToldList> {
  let fault: string | null = null;
  const models = await fetchFacts(upstream, {
    wanted,
    signal: new AbortController().signal,
    onFault: (found) => {
      fault ??= explainListFault(found, upstream);
    },
  });
  if (models !== null) return { models, fault: null, atMs: Date.now() };
  fault ??= explainListFault(upstream.passesClientKey ? { kind: "no key" } : { kind: "strange" }, upstream);
  const before = (await readKept()).get(upstreamAddress(upstream.baseUrl));
  return { models: before?.models ?? new Map(), fault, atMs: before?.atMs ?? null };
}

interface UpstreamParts {
  readonly uses: ReadonlyMap<string, readonly string[]>;
  readonly factsOf: (id: string) => ModelFacts;
  readonly isWanted: ListModelsOptions["isWanted"];
}

function reportUpstream(
  { name, baseUrl }: UpstreamSettings,
  { models, fault, atMs }: ToldList,
  { uses, factsOf, isWanted }: UpstreamParts,
): ReportedUpstream {
  // A name that a list finds under another one, such as `glm:nitro`, is a model of its own here.
  const ids = [
    ...new Set([...uses.keys(), ...[...models.keys()].filter((id) => id !== anyModel || uses.size === 0)]),
  ];
  const all = ids.map((id): ReportedModel => {
    const { window, maxOutput, images, pdf, tools, reasoning, price, name: title } = factsOf(id);
    const listed = findFacts(models, id) !== noFacts || models.has(id);
    const usedBy = uses.get(id) ?? [];
    return { id, name: title, listed, window, maxOutput, images, pdf, tools, reasoning, price, usedBy };
  });
  const wanted = all
    .filter((model) => isWanted(`${name}/${model.id}`, model.name))
    .sort((one, other) => compareModels(one, other));
  return {
    name,
    host: new URL(baseUrl).host,
    fault,
    listedAt: atMs === null ? null : new Date(atMs).toISOString(),
    total: all.length,
    models: wanted,
  };
}

function compareModels(one: ReportedModel, other: ReportedModel): number {
  const isUsed = ({ usedBy }: ReportedModel) => (usedBy.length > 0 ? 0 : 1);
  return isUsed(one) - isUsed(other) || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}
