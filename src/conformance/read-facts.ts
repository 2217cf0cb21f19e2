import type { Config } from "../config/config.ts";
import type { ModelFacts, ModelPrice, ModelSettings } from "../config/file-config.ts";
import { isPrivateHost } from "../config/is-private-host.ts";
import { anyModel, layOverFacts, noFacts } from "../knowledge/facts.ts";
import { fetchFacts } from "../knowledge/fetch-facts.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import type { ConformanceTarget } from "./target.ts";

/** What is known of a target before anything is sent to its model. */
export interface TargetFacts {
  /** What the upstream and the file say together. */
  readonly model: ModelSettings;
  /** Tokens; null if the upstream does not say it. */
  readonly toldWindow: number | null;
  /** Tokens; null if the file says none. */
  readonly writtenWindow: number | null;
  /** Null if it is not known. */
  readonly price: ModelPrice | null;
  /** A server that runs models itself, on a machine of the user's own, takes no money. A gateway there may. */
  readonly isFree: boolean;
}

/** Asks the upstream for what it says of the model, which costs nothing, and reads what the file says. */
export async function readFacts(
  { file }: Config,
  target: ConformanceTarget,
  signal: AbortSignal,
): Promise<TargetFacts> {
  const { settings, model, upstream } = target;
  const all = await fetchFacts(settings, { wanted: [model], signal });
  const told: ModelFacts = all?.get(model) ?? all?.get(`${model}:latest`) ?? all?.get(anyModel) ?? noFacts;
  const short = [...settings.models].find(([, id]) => id === model)?.[0] ?? model;
  const written = file?.models.get(`${upstream}/${model}`) ?? file?.models.get(`${upstream}/${short}`);
  const facts = written === undefined ? told : layOverFacts(told, written);
  return {
    model: { ...facts, like: written?.like ?? null },
    toldWindow: told.window,
    writtenWindow: written?.window ?? null,
    price: facts.price,
    isFree: isFree(target),
  };
}

function isFree({ settings: { baseUrl, profile: setting }, model }: ConformanceTarget): boolean {
  const { traits } = selectProfile({ setting, baseUrl, model });
  return traits.answer.runsModels && isPrivateHost(new URL(baseUrl).hostname);
}
