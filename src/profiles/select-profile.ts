import { families } from "./families.ts";
import { genericProfile } from "./generic-profile.ts";
import type { Profile } from "./profile.ts";
import { type ProfileId, profileIds } from "./profile-ids.ts";
import { layOver, type ProfileOverrides } from "./profile-overrides.ts";
import { textOnlyModels } from "./text-only-models.ts";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The profile of `model` at `baseUrl`: the family that `setting` names, or with `auto` the one whose host it is,
 * and over it what is known of the model. Hosts are tested here and nowhere else (rule 0.13).
 */
export function selectProfile(choice: {
  setting: ProfileId | "auto";
  baseUrl: string;
  /** The id the upstream is asked for. */
  model: string;
}): Profile {
  const url = new URL(choice.baseUrl);
  const id = choice.setting === "auto" ? findFamily(url) : choice.setting;
  const isUnknownLocal = choice.setting === "auto" && id === "generic" && isLoopback(url);
  const { basis, overrides, modelRules, betaOverrides } = families[id];
  const model = choice.model.toLowerCase();
  const layers: ProfileOverrides[] = basis === undefined ? [overrides] : [basis, overrides];
  for (const rule of modelRules ?? []) if (rule.models.test(model)) layers.push(rule.overrides);
  if (betaOverrides !== undefined && url.pathname.endsWith("/beta")) layers.push(betaOverrides);
  // llama.cpp and LM Studio take a tool's name for "any", or refuse it. What it is shows in its first answer.
  if (isUnknownLocal) layers.push({ chat: { toolChoice: { tool: "only-tool" } } });
  if (isTextOnly(model)) layers.push({ traits: { messages: { images: "none" } } });
  return layers.reduce(layOver, { ...genericProfile, id });
}

function findFamily(url: URL): ProfileId {
  const claims = (id: ProfileId): boolean => {
    const { hosts, loopbackPort } = families[id];
    return isLoopback(url)
      ? String(loopbackPort) === url.port
      : hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  };
  return profileIds.find(claims) ?? "generic";
}

function isLoopback(url: URL): boolean {
  return loopbackHosts.includes(url.hostname);
}

function isTextOnly(model: string): boolean {
  const name = model.slice(model.lastIndexOf("/") + 1);
  return textOnlyModels.some((pattern) => pattern.test(name));
}
