import type { FileConfig } from "../config/file-config.ts";
import { listSecrets } from "../config/list-upstreams.ts";
import type { ModelRoute } from "../routing/route.ts";
import { createTargetChooser, type LinkFinder } from "./choose-targets.ts";
import { countRequest } from "./count-request.ts";
import type { Candidate } from "./failover/candidate.ts";
import { countAtTargets } from "./failover/count-targets.ts";
import type { FailoverState } from "./failover/failover-state.ts";
import type { OpenOn } from "./failover/open-targets-options.ts";
import { openTargets } from "./failover/target-switch.ts";
import { createNotedBudget } from "./noted-budget.ts";
import { openRoute } from "./open-route.ts";
import { createOwnKeys } from "./own-keys.ts";
import { sessionOf, wantsStream } from "./read-unread.ts";
import type { Carrier, MessagesCall, RelayCall } from "./relay.ts";
import type { RelayDependencies, SharedDependencies } from "./relay-dependencies.ts";

export interface FileCarrierOptions {
  shared: SharedDependencies;
  file: FileConfig;
  /** One for each upstream of the file, by its name. */
  links: ReadonlyMap<string, RelayDependencies>;
  failover: FailoverState;
}

/** Creates the relay to the upstreams of a configuration file. */
export function createFileCarrier({ shared, file, links, failover: state }: FileCarrierOptions): Carrier {
  const { config, logger } = shared;
  const keys = createOwnKeys(listSecrets(config));
  const linkOf: LinkFinder = (upstream) => {
    const link = links.get(upstream);
    if (link === undefined) throw new Error(`there is no upstream ${upstream}`);
    return link;
  };
  const choose = createTargetChooser(file, linkOf);
  const takesUnread = [...file.upstreams.values()].some(({ protocol }) => protocol === "anthropic");
  return {
    takesUnread,
    open(request, call) {
      const { exchange, signal: clientSignal } = call;
      const { fields } = exchange;
      const { routes, modelSetting } = choose(request, call, "messages");
      fields.stream = wantsStream(request);
      fields.sessionId = call.sessionId ?? sessionOf(request);
      const admitted = call.admitTarget?.(routes[0]);
      const budget = createNotedBudget(fields);
      const routed = { request, modelSetting, keys, budget, ...call };
      const openAt: OpenOn = (route, key) => openRoute(linkOf(route.upstream), { ...routed, route, key });
      const open = () =>
        openTargets({
          exchange,
          candidates: listCandidates(routes, linkOf, call),
          budget,
          state,
          conversationId: fields.sessionId,
          clientSignal,
          openOn: call.admitNext === undefined ? openAt : admitBefore(openAt, call.admitNext, routes[0]),
          logger,
        });
      return admitted instanceof Promise ? admitted.then(open) : open();
    },
    async count(request, call) {
      const { routes } = choose(request, call, "count_tokens");
      return await countAtTargets({
        exchange: call.exchange,
        candidates: listCandidates(routes, linkOf, call),
        state,
        conversationId: call.sessionId ?? sessionOf(request),
        countAt: ({ route }, key) => countRequest(linkOf(route.upstream), { request, route, key, ...call }),
      });
    },
  };
}

/** Asks before each place but the first one, which was admitted already. */
function admitBefore(
  openAt: OpenOn,
  admitNext: NonNullable<MessagesCall["admitNext"]>,
  first: ModelRoute,
): OpenOn {
  return (route, key) => {
    const admitted = route === first ? null : admitNext(route);
    return admitted === null ? openAt(route, key) : admitted.then(() => openAt(route, key));
  };
}

/** A request without a credential goes no further than to the first target that needs it: somebody else would pay there. */
function listCandidates(
  routes: readonly ModelRoute[],
  linkOf: LinkFinder,
  { head }: Pick<RelayCall, "head">,
): Candidate[] {
  const candidates = routes.map((route) => describeCandidate(route, linkOf(route.upstream)));
  const asker = candidates.findIndex(({ usesClientAccount }) => usesClientAccount);
  return asker === -1 || head.credential !== null ? candidates : candidates.slice(0, asker + 1);
}

function describeCandidate(route: ModelRoute, { memory, settings }: RelayDependencies): Candidate {
  const { keys, concurrency, passesClientKey: usesClientAccount } = settings;
  const window = memory.contextWindow(route.model) ?? route.profile.traits.request.inputWindow;
  return { route, window, keys, usesClientAccount, concurrency };
}
