import { parseClientVersion } from "../../src/launch/client-version.ts";
import type {
  LaunchClient,
  LaunchModel,
  LaunchProxy,
  LaunchSubject,
} from "../../src/launch/launch-subject.ts";

/** A model with what is known of it. */
export function modelOf(id: string, facts: Partial<LaunchModel> = {}): LaunchModel {
  return { id, name: id, tier: null, windowTokens: null, maxOutputTokens: null, price: null, ...facts };
}

/** A start of Claude Code for a proxy on this machine. */
export function launchOf(
  version: string | null,
  models: readonly LaunchModel[],
  changes: { proxy?: Partial<LaunchProxy>; client?: Partial<LaunchClient>; model?: string } = {},
): LaunchSubject {
  return {
    proxy: {
      url: "http://127.0.0.1:8080",
      clientKey: null,
      passesLogin: false,
      models,
      ...changes.proxy,
    },
    client: {
      version: version === null ? null : parseClientVersion(version),
      env: {},
      userSettings: {},
      givenSettings: null,
      ...changes.client,
    },
    model: changes.model ?? null,
  };
}
