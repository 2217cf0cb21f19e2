import type { Config } from "../config/config.ts";
import { findMissingNoProxy } from "../config/find-missing-no-proxy.ts";
import type { Environment } from "../config/locate-folders.ts";
import type { KeyLine } from "../config/locate-key-line.ts";
import { listAutoMode } from "../launch/auto-mode.ts";
import { ownHeader } from "../launch/own-header.ts";
import { shortenHome } from "./shorten-home.ts";

/** The inputs of the client's command line. */
export interface ClaudeCommandSubject {
  /** The address on which the proxy listens: `http://<host>:<port>`. */
  readonly url: string;
  readonly config: Pick<Config, "host" | "proxyApiKey" | "file" | "shared">;
  /** The line from which a shell reads the key that clients need; null if there is none, or it is in no file. */
  readonly clientKeyLine: KeyLine | null;
  /** The environment of this program, which is mostly also that of the user's other terminals. */
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  /** The model that checks actions in auto mode, as Claude Code asks for it; null for the small one. */
  readonly checkModel: string | null;
  /** Most characters of a row; null for one row. */
  readonly width: number | null;
}

/** How to run Claude Code with the proxy. */
export interface ClaudeCommand {
  /** The command to paste into a shell, on as many rows as it needs. It contains no key. */
  readonly line: string;
  /** What the shell, or the line itself, still needs: `PROXY_API_KEY`, or a client's key in the place of some words. */
  readonly needs: "nothing" | "variable" | "client key";
}

/** Builds the command line that runs Claude Code, for a POSIX shell or fish, on Windows for PowerShell. */
export function buildClaudeCommand(subject: ClaudeCommandSubject): ClaudeCommand {
  const { config, clientKeyLine, platform, env, checkModel, width } = subject;
  const passesLogin = [...(config.file?.upstreams.values() ?? [])].some(
    (upstream) => upstream.passesClientKey,
  );
  const needs = findNeeds(config, clientKeyLine);
  const hasKey = config.proxyApiKey !== null || needs !== "nothing";
  const token = passesLogin && !hasKey ? null : formatToken(subject, passesLogin ? `${ownHeader}: ` : "");
  return {
    line: formatClaudeLine({ url: clientUrl(subject), token, passesLogin, env, platform, checkModel, width }),
    needs,
  };
}

function findNeeds(
  { proxyApiKey, file, shared }: ClaudeCommandSubject["config"],
  keyLine: KeyLine | null,
): ClaudeCommand["needs"] {
  if (proxyApiKey !== null) return keyLine === null ? "variable" : "nothing";
  return (file?.clients ?? []).length > 0 || shared !== null ? "client key" : "nothing";
}

/**
 * The name of a variable, and its value in shell syntax. The parts of the value are separated by a blank or a line
 * break.
 */
type Variable = readonly [name: string, value: string, ...rest: string[]];

/** The inputs of the line that runs Claude Code. */
interface ClaudeLine extends Pick<ClaudeCommandSubject, "env" | "platform" | "checkModel"> {
  /** The address that the client calls. */
  readonly url: string;
  /** The client's token in shell syntax, in parts; null if it needs none besides its own login. */
  readonly token: readonly [string, ...string[]] | null;
  /**
   * The client's own login is passed on, and may reach a Claude: the token is the header of the proxy's own key, and auto
   * mode is left as it is. Default false.
   */
  readonly passesLogin?: boolean;
  /**
   * Most characters of a row, unless a part of a value is longer; null for one row. All rows form one command, because
   * a row that the terminal breaks itself is not always copied whole.
   */
  readonly width: number | null;
}

/** Formats the line that runs Claude Code, with the variables that everybody needs who has no Claude behind it. */
export function formatClaudeLine(subject: ClaudeLine): string {
  const { url, token, passesLogin = false, env, platform, checkModel, width } = subject;
  const isWindows = platform === "win32";
  const variables: Variable[] = [
    ["ANTHROPIC_BASE_URL", isWindows ? `"${url}"` : url],
    ...listToken(token, passesLogin),
    ...listNoProxy(new URL(url).hostname, env, isWindows),
  ];
  // In PowerShell each is a statement of its own.
  const ending = isWindows ? "" : " \\";
  const words = [
    ...variables,
    ...(passesLogin ? [] : listAutoMode(checkModel)).map(
      ([name, value]) => [name, isWindows ? `"${value}"` : value] as const,
    ),
  ].flatMap(([name, value, ...rest]) => {
    if (isWindows) return [`$env:${name}=${value};`];
    const parts = [`${name}=${value}`, ...rest];
    const whole = parts.join(" ");
    return width === null || whole.length + ending.length <= width ? [whole] : parts;
  });
  let [rows, row] = ["", words[0] ?? ""];
  for (const word of [...words.slice(1), "claude"]) {
    if (width === null || row.length + 1 + word.length + ending.length <= width) {
      row += ` ${word}`;
    } else {
      rows += `${row}${ending}\n`;
      row = word;
    }
  }
  return rows + row;
}

function listToken(token: ClaudeLine["token"], passesLogin: boolean): Variable[] {
  if (token === null) return [];
  return [[passesLogin ? "ANTHROPIC_CUSTOM_HEADERS" : "ANTHROPIC_AUTH_TOKEN", ...token]];
}

function listNoProxy(host: string, env: Environment, isWindows: boolean): Variable[] {
  const missing = findMissingNoProxy(host, env);
  if (missing === null) return [];
  const { name, isSet } = missing;
  if (isWindows) return [[name, isSet ? `"${host},$env:${name}"` : `"${host}"`]];
  return [[name, isSet ? `"${host},$${name}"` : host]];
}

/** The address for a client on this machine: an address that stands for all addresses cannot be called everywhere. */
function clientUrl({ url, config }: ClaudeCommandSubject): string {
  return config.host === "0.0.0.0" || config.host === "::"
    ? url.replace(/\/\/[^/]*:(?=\d+$)/, "//127.0.0.1:")
    : url;
}

/**
 * The expression for the token. The shell reads a key from its file: a printed key would remain in the scrollback, in a
 * service's log and in the shell's history.
 * @param prefix stands before the key
 */
function formatToken(
  { config, clientKeyLine, platform, homeDir }: ClaudeCommandSubject,
  prefix: string,
): [value: string, ...rest: string[]] {
  const isWindows = platform === "win32";
  const [client] = config.file?.clients ?? [];
  if (config.proxyApiKey === null && client !== undefined) {
    return [`"${prefix}the key of ${client.name.replace(/[^\w.-]/g, "?")}"`];
  }
  if (config.proxyApiKey === null && config.shared !== null) return [`"${prefix}the key of a client"`];
  if (config.proxyApiKey === null) return [isWindows ? '"local"' : "local"];
  if (clientKeyLine === null) {
    const variable = isWindows ? "$env:PROXY_API_KEY" : "$PROXY_API_KEY";
    return [isWindows && prefix === "" ? variable : `"${prefix}${variable}"`];
  }
  const { path, start, quote, isWhole } = clientKeyLine;
  if (isWindows) {
    const pattern = `^${start}${quote}([^\\s${quote}]+)`.replaceAll("'", "''");
    const before = prefix === "" ? "" : `"${prefix}" + `;
    return [
      `${before}(Select-String -CaseSensitive '${pattern}' -LiteralPath '${path.replaceAll("'", "''")}').Matches.Groups[1].Value`,
    ];
  }
  const script = isWhole ? `s/^${start}//p` : `s/^${start}${quote}\\([^[:space:]${quote}]*\\).*/\\1/p`;
  const shown = shortenHome(path, homeDir);
  const file = /^~?[\w./-]+$/.test(shown) ? shown : `'${path.replaceAll("'", "'\\''")}'`;
  const mark = quote === "'" ? '"' : "'";
  return [`"${prefix}$(sed -n ${mark}${script}${mark}`, `${file})"`];
}
