import type { Config } from "../../config/config.ts";
import { getCurrentPlace } from "../../config/current-place.ts";
import { findMissingNoProxy } from "../../config/find-missing-no-proxy.ts";
import { askProxy, formatLocalUrl, type ProxyAnswer } from "../ask-proxy.ts";
import { CommandError } from "../command-error.ts";
import { describeListenError } from "../explain-listen-error.ts";
import { version } from "../version.ts";
import type { SetupFinding } from "./setup-finding.ts";

/** Who has the port, whether a service runs an older program, and what keeps Claude Code from reaching the proxy. */
export async function inspectMachine(config: Config): Promise<SetupFinding[]> {
  const url = formatLocalUrl(config);
  return [
    await inspectPort(config, config.port === 0 ? null : await askProxy(url)),
    await inspectService(),
    inspectProxyVariables(url),
  ];
}

async function inspectPort({ host, port }: Config, answer: ProxyAnswer | null): Promise<SetupFinding> {
  const subject = "port";
  if (port === 0) return { subject, standing: "ok", text: "PORT=0 takes a free one at each start" };
  if (answer !== null) {
    return answer.version === version
      ? { subject, standing: "ok", text: `a claude-proxy answers at port ${port}` }
      : {
          subject,
          standing: "warning",
          text: `at port ${port} runs claude-proxy ${answer.version}, and this is ${version}. Restart it`,
        };
  }
  try {
    Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true);
    return { subject, standing: "ok", text: `port ${port} is free` };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
    const failure = { code: error.code, message: error.message };
    return { subject, standing: "fails", text: describeListenError(failure, { host, port }, null) };
  }
}

async function inspectService(): Promise<SetupFinding> {
  const subject = "service";
  try {
    const { selectService } = await import("../service/select-service.ts");
    const { readDefinition } = await import("../service/definition-file.ts");
    const place = getCurrentPlace();
    const service = selectService(place, process.getuid?.() ?? -1);
    if (readDefinition(service) === null) return { subject, standing: "ok", text: "none is installed" };
    const { createCommandRunner } = await import("../service/run-command.ts");
    const { loadInstalledSettings } = await import("../service/install-service.ts");
    const task = { service, place, run: createCommandRunner(place.env), executablePath: process.execPath };
    const { loaded } = await loadInstalledSettings(task);
    const { isRunning } = await service.readState(task.run);
    if (!isRunning)
      return {
        subject,
        standing: "warning",
        text: "it is installed but does not run. Run: claude-proxy service start",
      };
    const answer = await askProxy(formatLocalUrl(loaded.config));
    return judgeService(answer);
  } catch (error) {
    if (error instanceof CommandError)
      return { subject, standing: "warning", text: `one is installed. ${error.message}` };
    throw error;
  }
}

function judgeService(answer: ProxyAnswer | null): SetupFinding {
  const subject = "service";
  if (answer === null)
    return {
      subject,
      standing: "warning",
      text: "it runs but does not answer. Run: claude-proxy service logs",
    };
  return answer.version === version
    ? { subject, standing: "ok", text: "it runs, with this version" }
    : {
        subject,
        standing: "warning",
        text: `it still runs version ${answer.version}, and this is ${version}. Run: claude-proxy service restart`,
      };
}

function inspectProxyVariables(url: string): SetupFinding {
  const subject = "HTTP proxy";
  const host = new URL(url).hostname;
  const missing = findMissingNoProxy(host);
  if (missing === null) return { subject, standing: "ok", text: `Claude Code reaches ${host} directly` };
  return {
    subject,
    standing: "warning",
    text: `the environment names one, and Claude Code would look for ${host} there. Add ${host} to ${missing.name}`,
  };
}
