import type { ConversationRequest } from "../anthropic/messages-request.ts";
import { refuseCaller } from "../anthropic/refuse-caller.ts";
import type { UnreadRequest } from "../anthropic/unread-request.ts";
import type { FileConfig } from "../config/file-config.ts";
import { mayUse } from "../routing/may-use.ts";
import { readRequestFacts } from "../routing/request-facts.ts";
import type { ModelRoute } from "../routing/route.ts";
import { createTargetSelector } from "../routing/select-targets.ts";
import { nameRule, settingOfRule } from "./model-setting.ts";
import { withoutUnread } from "./read-unread.ts";
import { refuseModel } from "./refuse-model.ts";
import type { RelayCall } from "./relay.ts";
import type { RelayDependencies } from "./relay-dependencies.ts";
import { traceCaller } from "./trace/trace-caller.ts";

/** The link to an upstream of the file. Throws for a name that is none. */
export type LinkFinder = (upstream: string) => RelayDependencies;

/** Where one request may go. */
export interface Choice {
  /** At least one, in the order of going on. */
  routes: readonly [ModelRoute, ...ModelRoute[]];
  /** What names the models in the file; null if the client did. */
  modelSetting: string | null;
}

/**
 * Chooses the targets of a request, and notes what it was chosen by. Throws ApiError if there is none, or none that the
 * client may use.
 */
export type TargetChooser = (
  request: ConversationRequest | UnreadRequest,
  call: RelayCall,
  path: "messages" | "count_tokens",
) => Choice;

/** Creates the chooser of a configuration file. */
export function createTargetChooser(file: FileConfig, linkOf: LinkFinder): TargetChooser {
  const selectTargets = createTargetSelector(file);
  return (asked, { client, head, exchange }, path) => {
    const request = withoutUnread(asked);
    const { hints } = head;
    const facts = readRequestFacts(request, hints, client?.name ?? null, path);
    exchange.fields.clientModel = request.model;
    exchange.fields.kind = facts.kind;
    traceCaller(exchange.trace, hints, request, facts.kind);
    const selection = selectTargets(facts);
    if (selection.targets === null) throw refuseCaller(head.headers, "not_found_error", selection.message);
    exchange.trace.rule = nameRule(selection.rule);
    const mine = client?.models ?? null;
    const [first, ...others] = selection.targets.filter((target) => mayUse(mine, target, file.upstreams));
    if (first === undefined) {
      if (client === null) throw new Error("a rule of the file has no target");
      throw refuseModel(head.headers, client, request.model);
    }
    const routeTo = ({ upstream, model }: typeof first) => linkOf(upstream).routeTo(model);
    return {
      routes: [routeTo(first), ...others.map(routeTo)],
      modelSetting: settingOfRule(selection.rule),
    };
  };
}
