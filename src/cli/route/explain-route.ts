import type { Config } from "../../config/config.ts";
import type { FileConfig, Target } from "../../config/file-config.ts";
import { listUpstreams } from "../../config/list-upstreams.ts";
import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import { mayUse } from "../../routing/may-use.ts";
import type { RequestFacts } from "../../routing/request-facts.ts";
import type { ModelRoute } from "../../routing/route.ts";
import { createTargetSelector } from "../../routing/select-targets.ts";
import type { Rule, RuleLook } from "../../routing/selection.ts";
import { explainTiers } from "./explain-tiers.ts";
import { findChanges } from "./find-changes.ts";
import type { GivenRequest } from "./parse-messages-request.ts";
import type { ReportedRule, ReportedTarget, RouteReport } from "./route-report.ts";
import { createTargetRouter, type TargetRouter } from "./route-to-target.ts";

/** What a person wants explained. */
export interface Question {
  /** The id asked for, as it came. */
  readonly model: string;
  readonly facts: RequestFacts;
  /** Null if only a model was given. */
  readonly given: GivenRequest | null;
}

/**
 * Explains where a request goes: by the configuration file, or by the settings if there is none.
 * @param warn takes a fault of a file without which less is known
 */
export async function explainRoute(
  config: Config,
  question: Question,
  warn: (message: string, cause: unknown) => void,
): Promise<RouteReport> {
  const { model } = question;
  const facts = reportFacts(question);
  const { file } = config;
  if (file === null) {
    const { rules, route } = explainTiers(config, model);
    const settings = onlyUpstreamOf(config);
    const target = await reportTarget(route, settings, { config, allowed: true, ...question });
    return { model, file, facts, rules, targets: [target], error: null };
  }
  const looks: RuleLook[] = [];
  const selection = createTargetSelector(file)(question.facts, (look) => looks.push(look));
  const routeTo = await createTargetRouter(config, file, selection.targets ?? [], warn);
  const targets: ReportedTarget[] = [];
  for (const target of selection.targets ?? [])
    targets.push(await explainTarget(target, { file, config, routeTo }, question));
  const refused = targets.some(({ allowed }) => allowed)
    ? null
    : `The client ${question.facts.client} may use none of these targets.`;
  return {
    model,
    file: file.path,
    facts,
    rules: looks.map(reportRule),
    targets,
    error: selection.targets === null ? selection.message : refused,
  };
}

function onlyUpstreamOf(config: Config): UpstreamSettings {
  const [settings] = listUpstreams(config);
  if (settings === undefined) throw new Error("there is no upstream");
  return settings;
}

function explainTarget(
  target: Target,
  { file, config, routeTo }: { file: FileConfig; config: Config; routeTo: TargetRouter },
  question: Question,
): Promise<ReportedTarget> {
  const settings = file.upstreams.get(target.upstream);
  if (settings === undefined) throw new Error(`there is no upstream ${target.upstream}`);
  const client = file.clients.find(({ name }) => name === question.facts.client);
  const allowed = mayUse(client?.models ?? null, target, file.upstreams);
  return reportTarget(routeTo(target), settings, { config, allowed, ...question });
}

async function reportTarget(
  route: ModelRoute,
  settings: UpstreamSettings,
  { config, allowed, given }: { config: Config; allowed: boolean } & Question,
): Promise<ReportedTarget> {
  const { upstream, model, profile, protocolBasis } = route;
  const { maxOutputTokens } = config;
  return {
    upstream,
    model,
    host: new URL(settings.baseUrl).host,
    protocol: profile.protocol,
    protocolBasis,
    profile: profile.id,
    window: profile.traits.request.inputWindow,
    allowed,
    changes: given === null ? null : await findChanges(given, { settings, route, maxOutputTokens }),
  };
}

function reportFacts({ facts, given }: Question): RouteReport["facts"] {
  if (given === null) return null;
  const { kind, tier, agent, images, pdf, thinking, tools, tokens, client } = facts;
  const { isAgent, type } = agent;
  return {
    kind,
    tier,
    agent: isAgent,
    agentType: type,
    images,
    pdf,
    thinking,
    tools,
    tokens: tokens(),
    client,
  };
}

function reportRule({ rule, isMatch, reason }: RuleLook): ReportedRule {
  return {
    rule: nameRule(rule),
    line: rule.type === "upstream" ? null : rule.line,
    matches: isMatch,
    reason,
  };
}

function nameRule(rule: Rule): string {
  switch (rule.type) {
    case "case":
      return `case ${rule.number}`;
    case "upstream":
      return "upstream/model";
    default:
      return rule.asked;
  }
}
