import type { ProxyAnswer } from "../ask-proxy.ts";
import { formatTime } from "../format-time.ts";
import type { BackgroundService, ServiceState } from "./background-service.ts";
import type { ServiceSettings } from "./plan-service.ts";

export interface ServiceFacts {
  readonly service: BackgroundService;
  readonly state: ServiceState;
  readonly settings: ServiceSettings;
  /** The address of the proxy. */
  readonly url: string;
  /** Its status; null if nothing answers. */
  readonly answer: ProxyAnswer | null;
}

function describeRun({ service, state, answer }: ServiceFacts): string {
  if (!state.isRunning) {
    return `claude-proxy is installed as a ${service.kind} but does not run.`;
  }
  return `claude-proxy${answer === null ? "" : ` ${answer.version}`} runs as a ${service.kind}.`;
}

/**
 * The output of `service status`: what runs, since when, where it listens, where its files are.
 * @returns several lines, the last with its line break
 */
export function describeService(facts: ServiceFacts): string {
  const { service, state, settings, url, answer } = facts;
  const rows: [string, string | null][] = [
    ["since", answer === null || !state.isRunning ? null : formatTime(answer.startedAt)],
    ["process", state.processId === null ? null : String(state.processId)],
    ["listens", state.isRunning ? `${url}${answer === null ? " (but does not answer)" : ""}` : null],
    ["last end", state.isRunning ? null : state.lastEnd],
    ["settings", settings.envFile],
    ["config", settings.configFile],
    ["log", settings.loaded.config.logFilePath],
    ["defined in", service.definitionPath],
  ];
  const lines = rows.flatMap(([label, value]) => (value === null ? [] : [`  ${label.padEnd(10)}  ${value}`]));
  return `${[describeRun(facts), "", ...lines].join("\n")}\n`;
}
