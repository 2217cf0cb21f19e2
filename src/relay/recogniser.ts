import type { Config } from "../config/config.ts";
import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { isPrivateHost } from "../config/is-private-host.ts";
import type { ProfileId } from "../profiles/profile.ts";
import { recogniseOwner, recogniseServer } from "../profiles/recognise-server.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import { listModelOwners } from "../upstream/list-model-owners.ts";

/** Finds out what the upstream is, where neither the settings nor its host tell (rule 0.13). */
export interface Recogniser {
  /** The family that the upstream named itself, or null. */
  readonly family: ProfileId | null;
  /** Looks at the head of an answer. */
  noteHead(headers: Headers): void;
}

const listMs = 5000;

/**
 * Creates a recogniser. A server of the user's own whose first answer does not say what it is, is asked once for its
 * models, behind that answer and with nobody waiting. `running` gets what ends that.
 */
export function createRecogniser(
  config: Pick<Config, "baseUrl" | "openaiApiKey" | "upstreamProfile">,
  running: Set<() => void>,
): Recogniser {
  const { baseUrl, openaiApiKey: apiKey, upstreamProfile: setting } = config;
  const isUnknown = setting === "auto" && selectProfile({ setting, baseUrl, model: "" }).id === "generic";
  const { hostname } = new URL(baseUrl);
  let mayAsk = isUnknown && isPrivateHost(hostname);
  let family: ProfileId | null = null;

  const askForModels = async () => {
    const controller = new AbortController();
    const stop = () => controller.abort();
    running.add(stop);
    const owners = await listModelOwners({
      baseUrl,
      apiKey,
      isLocal: isLoopbackHost(hostname),
      maxMs: listMs,
      controller,
    });
    running.delete(stop);
    family ??= recogniseOwner(owners);
  };

  return {
    get family() {
      return family;
    },
    noteHead(headers) {
      if (!isUnknown || family !== null) return;
      family = recogniseServer(headers);
      if (family !== null || !mayAsk) return;
      mayAsk = false;
      void askForModels();
    },
  };
}
