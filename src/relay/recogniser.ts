import { isLoopbackHost } from "../config/is-loopback-host.ts";
import { isPrivateHost } from "../config/is-private-host.ts";
import type { UpstreamSettings } from "../config/upstream-settings.ts";
import type { ProfileId } from "../profiles/profile-ids.ts";
import { recogniseOwner, recogniseServer } from "../profiles/recognise-server.ts";
import { selectProfile } from "../profiles/select-profile.ts";
import { listModelOwners } from "../upstream/list-model-owners.ts";

/** Identifies the upstream's family if neither the settings nor the host name do (rule 0.13). */
export interface Recogniser {
  /** The family that the upstream named, or null. */
  readonly family: ProfileId | null;
  /** Reads the head of an answer. */
  noteHead(headers: Headers): void;
}

const listMs = 5000;

/**
 * Creates a recogniser. If the first answer of a private server does not identify it, the recogniser asks the server
 * once for its models, after that answer and with nobody waiting. `running` receives the function that aborts this.
 */
export function createRecogniser(
  settings: Pick<UpstreamSettings, "baseUrl" | "keys" | "profile">,
  running: Set<() => void>,
): Recogniser {
  const { baseUrl, keys, profile: setting } = settings;
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
      apiKey: keys[0] ?? "",
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
