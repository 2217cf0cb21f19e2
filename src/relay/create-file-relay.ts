import type { FileConfig } from "../config/file-config.ts";
import { createFileCarrier } from "./carry-by-file.ts";
import { joinLink, type UpstreamLink } from "./create-link.ts";
import { createFailoverState, type FailoverState } from "./failover/failover-state.ts";
import type { Relay } from "./relay.ts";
import type { SharedDependencies } from "./relay-dependencies.ts";

export interface FileRelayParts {
  /** One for each upstream of the file. */
  links: readonly UpstreamLink[];
  shared: SharedDependencies;
  /** That of the relay before; null for the first one. */
  failover: FailoverState | null;
}

/** Creates the relay for a configuration file, and the state of its upstreams that the next one goes on with. */
export function createFileRelay(
  file: FileConfig,
  { links, shared, failover: before }: FileRelayParts,
): { relay: Relay; failover: FailoverState } {
  const failover = before ?? createFailoverState(() => performance.now());
  const byName = new Map(
    links.map((link) => {
      const { name } = link.settings;
      const likeOf = (model: string) => file.models.get(`${name}/${model}`)?.like ?? model;
      return [name, joinLink(link, shared, { likeOf })];
    }),
  );
  return { relay: createFileCarrier({ shared, file, links: byName, failover }), failover };
}
