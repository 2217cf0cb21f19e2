import { families } from "./families.ts";
import { genericProfile } from "./generic-profile.ts";
import type { Profile } from "./profile.ts";
import type { ProfileRule } from "./profile-family.ts";
import { type ProfileId, profileIds } from "./profile-ids.ts";
import { layOver, type ProfileOverrides } from "./profile-overrides.ts";
import type { ProtocolId } from "./protocol-id.ts";
import { textOnlyModels } from "./text-only-models.ts";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The profile of `model` at `baseUrl`: the family that `setting` names, or with `auto` the one whose host it is,
 * and over it what is known of the model, the address and the wire. Hosts are tested here and nowhere else (rule 0.13).
 */
export function selectProfile(choice: {
  setting: ProfileId | "auto";
  baseUrl: string;
  /** The id the upstream is asked for. */
  model: string;
  /** The wire to ask on; with `auto`, which is the default, the one that suits host and model (rule 20.2). */
  protocol?: ProtocolId | "auto";
}): Profile {
  const url = new URL(choice.baseUrl);
  const ofHost = findFamily(url);
  const id = choice.setting === "auto" ? ofHost : choice.setting;
  const isUnknownLocal = choice.setting === "auto" && id === "generic" && isLoopback(url);
  const { basis, overrides, rules, responsesModels } = families[id];
  const model = choice.model.toLowerCase();
  const address = `${url.hostname}${url.pathname.replace(/\/$/, "")}`;
  const suitsResponses = id === ofHost && responsesModels?.test(nameOf(model)) === true;
  const suited = suitsResponses ? "responses" : "chat";
  const { protocol: wanted = "auto" } = choice;
  const protocol = wanted === "auto" ? suited : wanted;
  const layers: ProfileOverrides[] = basis === undefined ? [overrides] : [basis, overrides];
  for (const rule of rules ?? []) if (holds(rule, { model, address, protocol })) layers.push(rule.overrides);
  // llama.cpp and LM Studio take a tool's name for "any", or refuse it. What it is shows in its first answer.
  if (isUnknownLocal) layers.push(onlyNamedTool);
  if (isTextOnly(model)) layers.push({ traits: { messages: { images: "none" } } });
  return layers.reduce(layOver, { ...genericProfile, id, protocol });
}

const onlyNamedTool: ProfileOverrides = {
  chat: { toolChoice: { tool: "only-tool" } },
  responses: { toolChoice: { tool: "only-tool" } },
};

function holds(
  { models, address, wire }: ProfileRule,
  choice: { model: string; address: string; protocol: ProtocolId },
): boolean {
  return (
    models?.test(choice.model) !== false &&
    address?.test(choice.address) !== false &&
    (wire === undefined || wire === choice.protocol)
  );
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
  const name = nameOf(model);
  return textOnlyModels.some((pattern) => pattern.test(name));
}

/** The id without a vendor's prefix. */
function nameOf(model: string): string {
  return model.slice(model.lastIndexOf("/") + 1);
}
