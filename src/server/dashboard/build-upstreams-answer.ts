import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { listUpstreams, upstreamAddress } from "../../config/list-upstreams.ts";
import type { TargetHealth, UpstreamsAnswer } from "../../dashboard/dashboard-api.ts";
import { readLearnedFile } from "../../learned/learned-file.ts";
import { learnedFileName } from "../../learned/lesson.ts";
import type { Logger } from "../../logging/logger.ts";
import { listLessons } from "../../relay/list-lessons.ts";
import { describeFile } from "../../routing/describe-file.ts";
import type { Setup } from "../setup.ts";

export interface UpstreamsDependencies {
  readonly logger: Pick<Logger, "warn">;
  readonly now: () => Date;
  /** Absent if nothing is known of it. */
  readonly describeHealth?: () => readonly TargetHealth[];
}

/** The upstreams, how they are, and what they taught. Rejects if the file of what was learned cannot be read now. */
export async function buildUpstreamsAnswer(
  { config, loadRelay }: Setup,
  { logger, now, describeHealth }: UpstreamsDependencies,
): Promise<UpstreamsAnswer> {
  const relay = await loadRelay();
  const { lessons } = await readLearnedFile(join(config.stateFolder, learnedFileName), {
    nowMs: now().getTime(),
    warn: (message, cause) => logger.warn(message, { cause: String(cause) }),
  });
  const upstreams = listUpstreams(config).map(({ name, ...settings }) => ({
    ...settings,
    // Without a configuration file: the records name it so, too.
    name: relay.nameUpstream?.() ?? name,
  }));
  const names = new Map(upstreams.map(({ baseUrl, name }) => [upstreamAddress(baseUrl), name]));
  const protocols = findProtocols(config);
  const ofOnly = relay.describeProtocol?.() ?? "auto";
  return {
    upstreams: upstreams.map(({ name, baseUrl, keys }) => ({
      name,
      address: upstreamAddress(baseUrl),
      protocol: protocols.get(name) ?? ofOnly,
      keys: keys.length,
    })),
    health: describeHealth?.() ?? [],
    learned: listLessons(lessons, names).map(({ upstream, name, model, what }) => ({
      target: `${name ?? upstream}/${model}`,
      text: what,
    })),
  };
}

/** How each upstream of the configuration file is asked, by its name. */
function findProtocols({ file }: Config): ReadonlyMap<string, string> {
  if (file === null) return new Map();
  return new Map(describeFile(file).upstreams.map(({ name, protocol }) => [name, protocol]));
}
