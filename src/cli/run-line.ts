import type { LoadConfigOptions, LoadedConfig } from "../config/load-config.ts";
import type { Environment } from "../config/locate-folders.ts";
import { nameFile, nameProgram } from "./name-program.ts";

export interface RunLineSubject extends Pick<LoadedConfig, "config" | "sources"> {
  /** The address on which the proxy listens: `http://<host>:<port>`. */
  readonly url: string;
  /** The files that its flags name. */
  readonly files: Pick<LoadConfigOptions, "configFile" | "envFile">;
  /** The built program that serves; null if it runs from its sources, whose folder alone knows how to start it. */
  readonly executablePath: string | null;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
}

/** How this program runs Claude Code with the proxy that serves. */
export interface RunLine {
  readonly program: string;
  /** By which the proxy is found, for `run` and for `env`. */
  readonly flags: readonly string[];
  /** The proxy's key stands in the environment only. */
  readonly needsKey: boolean;
}

/**
 * Builds the words with which another terminal finds this proxy.
 * @returns null where it would not, or where this program may not be: for other machines, and in front of a container
 */
export function buildRunLine(subject: RunLineSubject): RunLine | null {
  const { config, sources, files, executablePath, env } = subject;
  const host = sources.get("HOST");
  const isFound = host === "default" || typeof host === "object" || config.host === "127.0.0.1";
  if (executablePath === null || !isFound) return null;
  const port = sources.get("PORT");
  const listening = new URL(subject.url).port;
  const isUsualPort = (port === "default" || typeof port === "object") && listening === String(config.port);
  const [client, ...others] = config.file?.clients ?? [];
  const isAmbiguous = config.proxyApiKey === null && client !== undefined && others.length > 0;
  return {
    program: nameProgram(subject, executablePath),
    flags: [
      ...nameFile("--config", files.configFile ?? (env["CONFIG_FILE"] || undefined), subject),
      ...nameFile("--env-file", files.envFile, subject),
      ...(isUsualPort ? [] : ["--port", listening]),
      ...(isAmbiguous ? ["--client", /^[\w.-]+$/.test(client.name) ? client.name : "NAME"] : []),
    ],
    needsKey: sources.get("PROXY_API_KEY") === "environment",
  };
}
