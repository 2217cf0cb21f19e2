import type { Config } from "./config.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";
import type { Environment } from "./locate-folders.ts";
import type { EnvFile } from "./read-env-file.ts";

/** A key that others may try to guess should not be shorter. */
const shortestGoodKey = 16;

/**
 * What is allowed but probably not meant.
 * @param envFile the `.env` file that was read, if any
 * @returns lines for the user
 */
export function findRisks(config: Config, env: Environment, envFile: EnvFile | null): string[] {
  const risks: string[] = [];
  const url = new URL(config.baseUrl);
  const fromEnvironment = env["OPENAI_API_KEY"];
  const fromFile = envFile?.values["OPENAI_API_KEY"];
  if (fromEnvironment && fromFile && fromEnvironment !== fromFile) {
    risks.push(
      `OPENAI_API_KEY is set in the environment and, with another value, in ${envFile?.path}. ` +
        "The environment's is used. To use the file's, run: unset OPENAI_API_KEY",
    );
  }
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    risks.push(
      `BASE_URL is not encrypted: your key and your code go to ${url.host} in clear. Use https:// if it can.`,
    );
  }
  if (url.pathname === "/") {
    risks.push(
      `BASE_URL has no path. Most servers want one: try ${url.origin}/v1 if requests fail with 404.`,
    );
  }
  if (config.proxyApiKey !== null && config.proxyApiKey.length < shortestGoodKey) {
    risks.push(`PROXY_API_KEY has fewer than ${shortestGoodKey} characters and could be guessed.`);
  }
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") {
    risks.push(
      "NODE_TLS_REJECT_UNAUTHORIZED=0 is set: certificates are not checked, so anybody on the way can read your key.",
    );
  }
  return risks;
}
