import type { Profile } from "../../profiles/profile.ts";
import type { ProfileId } from "../../profiles/profile-ids.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";
import { selectProfile } from "../../profiles/select-profile.ts";
import { findUsualUrl } from "../../profiles/usual-urls.ts";

/** Where a request would go, without any settings. */
export interface TranslationWire {
  readonly profile: Profile;
  readonly baseUrl: string;
  /** The id that the upstream is asked for. */
  readonly model: string;
}

/** Stands for a server of which nothing is known. */
const anyServer = "https://upstream.example/v1";

/**
 * Selects dialect and wire for a family at its usual address.
 * @param protocol the wire; null for the one that suits family and model
 */
export function selectWire(setting: ProfileId, protocol: ProtocolId | null, model: string): TranslationWire {
  const baseUrl = findUsualUrl(setting, protocol === "anthropic") ?? anyServer;
  const profile = selectProfile({ setting, baseUrl, model, protocol: protocol ?? "auto" });
  return { profile, baseUrl, model };
}
