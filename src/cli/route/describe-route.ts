import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import type { Paint, Style } from "../../logging/paint.ts";
import type { ProtocolBasis } from "../../routing/route.ts";
import { breakValue } from "../break-value.ts";
import { shortenHome } from "../shorten-home.ts";
import type {
  ReportedFacts,
  ReportedRule,
  ReportedTarget,
  RequestChanges,
  RouteReport,
} from "./route-report.ts";

/** How the report is shown. */
export interface ShownRoute {
  readonly report: RouteReport;
  readonly homeDir: string;
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
}

const labelWidth = 13;
/** Names of rules may be longer: these get a row of their own. */
const widestRule = 28;

/**
 * The output of `route` for people: what was asked, each rule with the reason, and the targets with what becomes of the
 * request on the way to them. It contains no key and no address beyond its host.
 * @returns several lines, the last with its line break
 */
export function describeRoute(shown: ShownRoute): string {
  const { report, columns, homeDir } = shown;
  const file = report.file === null ? [] : [["config file", shortenHome(report.file, homeDir)] as const];
  const lines = [
    paintRows("bold", breakValue(escapeControlCharacters(report.model), columns, ""), shown),
    "",
    ...formatRows([...file, ...listFacts(report.facts)], 2, shown),
    ...(file.length > 0 || report.facts !== null ? [""] : []),
    "Rules, in the order in which they are tried:",
    "",
    ...formatRules(report.rules, shown),
  ];
  if (report.targets.length > 0)
    lines.push("", report.targets.length === 1 ? "Its target:" : "Its targets, one after the other:");
  for (const [index, target] of report.targets.entries())
    lines.push("", ...formatTarget(target, index + 1, shown));
  if (report.error !== null)
    lines.push("", paintRows("red", foldText(escapeControlCharacters(report.error), columns), shown));
  return `${lines.join("\n")}\n`;
}

function paintRows(style: Style, text: string, { paint }: ShownRoute): string {
  return text
    .split("\n")
    .map((row) => paint(style, row))
    .join("\n");
}

type Row = readonly [label: string, value: string];

function listFacts(facts: ReportedFacts | null): Row[] {
  if (facts === null) return [];
  const { kind, tier, agent, agentType, client, tokens, images, pdf, thinking, tools } = facts;
  const has = [images && "images", pdf && "PDF", thinking && "thinking", tools && "tools"].filter(
    (word) => word !== false,
  );
  return [
    ["kind", kind],
    ["tier", tier ?? "none"],
    ["sub-agent", agent ? (agentType ?? "yes") : "no"],
    ...(client === null ? [] : [["client", client] satisfies Row]),
    ["tokens", `about ${tokens.toLocaleString("en-US")}`],
    ["with", has.length === 0 ? "text alone" : has.join(", ")],
  ];
}

function formatRules(rules: readonly ReportedRule[], { paint, columns }: ShownRoute): string[] {
  const names = rules.map(nameRule);
  const width = Math.max(0, ...names.map((name) => Bun.stringWidth(name)).filter((own) => own <= widestRule));
  const indent = " ".repeat(4 + width + 2);
  return rules.flatMap(({ matches, reason }, index) => {
    const name = names[index] ?? "";
    const mark = matches ? paint("green", ">") : " ";
    const [first = "", ...others] = foldText(indent + escapeControlCharacters(reason), columns).split("\n");
    const own = Bun.stringWidth(name);
    if (own > width) return [`  ${mark} ${breakValue(name, columns, "    ")}`, first, ...others];
    return [`  ${mark} ${name}${" ".repeat(width - own)}  ${first.slice(indent.length)}`, ...others];
  });
}

function nameRule({ rule, line }: ReportedRule): string {
  return escapeControlCharacters(line === null ? rule : `${rule} (line ${line})`);
}

const reasons: Readonly<Record<ProtocolBasis, string>> = {
  setting: "as set",
  address: "by the address",
  model: "by the model",
  default: "by default",
  learned: "as learned",
};

function formatTarget(target: ReportedTarget, number: number, shown: ShownRoute): string[] {
  const { upstream, model, host, protocol, protocolBasis, profile, window, allowed, changes } = target;
  // The settings have one upstream, whose name nobody has given.
  const name = shown.report.file === null ? model : `${upstream}/${model}`;
  const rows: Row[] = [
    ["host", host],
    ["protocol", `${protocol} (${reasons[protocolBasis]})`],
    ["profile", profile],
    ...(window === null ? [] : [["window", `${window.toLocaleString("en-US")} tokens`] satisfies Row]),
    ...(allowed ? [] : [["refused", "this client may not use it"] satisfies Row]),
    ...(changes === null ? [] : listChanges(changes)),
  ];
  const head = breakValue(escapeControlCharacters(name), shown.columns, "     ");
  return [`  ${number}  ${paintRows("bold", head, shown)}`, ...formatRows(rows, 5, shown)];
}

function listChanges({ passedOn, dropped, mended, fromFile, refused }: RequestChanges): Row[] {
  if (refused !== null) return [["refused", refused]];
  const changes: Row[] = [];
  if (dropped.length > 0) changes.push(["left out", dropped.join(", ")]);
  if (mended.length > 0) changes.push(["mended", mended.join("; ")]);
  if (fromFile.length > 0) changes.push(["by your file", fromFile.join(", ")]);
  if (passedOn) return [["request", describePassing(changes.length > 0)], ...changes];
  return changes.length > 0 ? changes : [["request", "translated; nothing is left out"]];
}

function describePassing(isChanged: boolean): string {
  const what = "passed on as it is, but for the name of the model";
  return isChanged ? `${what} and this:` : what;
}

function formatRows(rows: readonly Row[], margin: number, { paint, columns }: ShownRoute): string[] {
  const indent = " ".repeat(margin + labelWidth + 2);
  return rows.flatMap(([label, value]) => {
    const [first = "", ...others] = foldText(indent + escapeControlCharacters(value), columns).split("\n");
    const shownLabel = paint("grey", label.padEnd(labelWidth));
    return [`${" ".repeat(margin)}${shownLabel}  ${first.slice(indent.length)}`, ...others];
  });
}
