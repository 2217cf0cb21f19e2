import type { JsonObject } from "../../json/json-value.ts";
import type { ModelRoute } from "../../routing/route.ts";
import type { SendBudget } from "../../upstream/send-budget.ts";
import type { SendWatch } from "../../upstream/send-watch.ts";
import type { MessagesCall, RelayCall } from "../relay.ts";
import type { RelayDependencies } from "../relay-dependencies.ts";
import type { Passing } from "./passing.ts";

/** What passing requests on to one upstream needs. */
export interface PassDependencies
  extends Pick<RelayDependencies, "config" | "settings" | "memory" | "logger" | "running" | "takeTurn"> {
  passing: Passing;
}

/** A request that the upstream counts. */
export interface PassedCount extends RelayCall {
  /** The body, parsed, which `checkLoosely` has taken. */
  request: JsonObject;
  /** `model` stands in the request instead of the client's. */
  route: Pick<ModelRoute, "model" | "profile">;
  /** Our key for this upstream; null if there is none, or the client's own is passed on. */
  key: string | null;
  /** Is told of each send; null if nobody wants to know. */
  watch: SendWatch | null;
}

/** A messages request that is passed on. */
export interface PassCall extends PassedCount, Pick<MessagesCall, "signal"> {
  /** What names the model in the configuration, for messages; null if the client did. */
  modelSetting: string | null;
  /** The sends that are left for the client's request. */
  budget: SendBudget;
}
