import type { ProtocolBasis, Route, Tier } from "./route.ts";
import { isProtocolFixed } from "./route-model.ts";

const words: Readonly<Record<ProtocolBasis, string>> = {
  setting: "",
  address: "by the address",
  model: "by the model",
  default: "by default",
  learned: "as learned",
};

/** From the one that says the most to the one that says nothing. */
const byWeight: readonly ProtocolBasis[] = ["setting", "address", "learned", "model", "default"];

/**
 * Says on which wire the upstream is asked for the configured models, and why: `auto (responses, by the model)`,
 * `auto (responses; small: chat; by the model)`, `chat`.
 */
export function describeProtocol(routes: Readonly<Record<Tier, Route>>): string {
  const { big, medium, small } = routes;
  const { protocol } = big.profile;
  if (big.protocolBasis === "setting") return protocol;
  const others = [medium, small].filter((route) => route.profile.protocol !== protocol);
  const why =
    words[
      byWeight.find((basis) => [big, medium, small].some((route) => route.protocolBasis === basis)) ??
        "default"
    ];
  const [other] = others;
  if (other === undefined || isProtocolFixed(big)) return `auto (${protocol}, ${why})`;
  return `auto (${protocol}; ${others.length === 1 ? other.tier : "others"}: ${other.profile.protocol}; ${why})`;
}
