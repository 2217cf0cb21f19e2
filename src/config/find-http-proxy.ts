import type { Environment } from "./locate-folders.ts";

/** An HTTP proxy set in the environment. */
export interface HttpProxy {
  /** The variable that names it. */
  variable: string;
  /** `host[:port]`, without the password that its address may contain. */
  host: string;
}

/** Whether Bun's fetch may use an HTTP proxy, so that a connection of our own to the upstream would prove nothing. */
export function usesHttpProxy(env: Environment = process.env): boolean {
  const variables = new Map(Object.entries(env));
  return ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some(
    (name) => (variables.get(name) ?? "") !== "",
  );
}

/** The HTTP proxy that Bun's fetch uses for `url`, for display; null if it uses none. */
export function findHttpProxy(url: URL, env: Environment = process.env): HttpProxy | null {
  const variables = new Map(Object.entries(env));
  const names = url.protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"];
  const variable = names.find((name) => (variables.get(name) ?? "") !== "");
  if (variable === undefined || isExempt(url, env["no_proxy"] || env["NO_PROXY"] || "")) return null;
  return { variable, host: URL.parse(variables.get(variable) ?? "")?.host ?? "" };
}

/** Whether a list of names exempts the URL; each name also stands for everything below it. */
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
