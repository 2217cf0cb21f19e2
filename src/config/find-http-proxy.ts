import type { Environment } from "./locate-folders.ts";

/** An HTTP proxy of the environment. */
export interface HttpProxy {
  /** The variable that names it. */
  variable: string;
  /** `host[:port]`, without the password that its address may hold. */
  host: string;
}

/** Whether Bun's fetch may go through an HTTP proxy, so that a connection of ours to the upstream says nothing. */
export function usesHttpProxy(env: Environment = process.env): boolean {
  const variables = new Map(Object.entries(env));
  return ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some(
    (name) => (variables.get(name) ?? "") !== "",
  );
}

/** The HTTP proxy that Bun's fetch goes through to `url`, for a person to look at; null when it goes through none. */
export function findHttpProxy(url: URL, env: Environment = process.env): HttpProxy | null {
  const variables = new Map(Object.entries(env));
  const names = url.protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"];
  const variable = names.find((name) => (variables.get(name) ?? "") !== "");
  if (variable === undefined || isExempt(url, env["no_proxy"] || env["NO_PROXY"] || "")) return null;
  return { variable, host: URL.parse(variables.get(variable) ?? "")?.host ?? "" };
}

/** By a list of names, each of which stands for what is below it too. */
function isExempt({ hostname, host }: URL, list: string): boolean {
  return list
    .split(",")
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, ""),
    )
    .some((name) => name === "*" || name === host || name === hostname || isBelow(hostname, name));
}

function isBelow(hostname: string, name: string): boolean {
  return name !== "" && hostname.endsWith(`.${name}`);
}
