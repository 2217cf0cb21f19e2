import type { RecordedBody, RecordedExchange } from "./recorded-request.ts";

/** Whose head names the variables in which the user keeps what the record does not. */
const keyVariable = "UPSTREAM_KEY";

/** What a header is recorded as whose value is no concern of the record. */
const hiddenValue = "$HEADER";

/**
 * A command for a POSIX shell that sends the upstream its last request again, with the key in the variable
 * `UPSTREAM_KEY`. The key stands in no list of processes. A line break follows the body.
 * @returns null if the request was not kept, or not as a whole
 */
export function buildUpstreamCurl({ bodies }: RecordedExchange): string | null {
  const sent = bodies.findLast(({ name }) => name === "upstream-request");
  if (sent === undefined || sent.head === null || !isWhole(sent)) return null;
  return buildCommand(sent.head.url, Object.entries(sent.head.headers), sent.text);
}

/**
 * The same command for what the client sent to the proxy, whose key is in the variable `PROXY_API_KEY`.
 * @param proxyUrl without a path: `http://127.0.0.1:8080`
 */
export function buildClientCurl({ request, bodies }: RecordedExchange, proxyUrl: string): string | null {
  const sent = bodies.find(({ name }) => name === "client-request");
  if (sent === undefined || !isWhole(sent)) return null;
  const headers: [string, string][] = [
    ["content-type", "application/json"],
    ["anthropic-version", "2023-06-01"],
    ["x-api-key", "$PROXY_API_KEY"],
  ];
  return buildCommand(proxyUrl + request.path, headers, sent.text);
}

/** No shell can hold a zero, and no JSON has one. */
function isWhole({ isCut, text }: RecordedBody): boolean {
  return !isCut && !text.includes("\0");
}

function buildCommand(url: string, headers: readonly (readonly [string, string])[], body: string): string {
  // Otherwise curl would take a value for the name of a file, and a line break for the next header.
  const sound = headers.filter(([name, value]) => /^[\w-]+$/.test(name) && !/[\r\n\0]/.test(value));
  const [secret, plain] = [sound.filter(isSecret), sound.filter((header) => !isSecret(header))];
  const end = findEnd("BODY", body);
  const options = [
    `curl -sS --globoff --no-buffer --url ${quoteForShell(url)}`,
    ...plain.map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
    // From a file and not as an argument, which other users of the machine can see.
    ...(secret.length === 0 ? [] : ["-H @/dev/fd/3"]),
    `--data-binary @-${secret.length === 0 ? "" : " 3<<KEY"} <<'${end}'`,
  ];
  const keys = secret.length === 0 ? "" : `${secret.map(formatSecret).join("\n")}\nKEY\n`;
  return `${options.join(" \\\n  ")}\n${keys}${body}${body.endsWith("\n") ? "" : "\n"}${end}\n`;
}

function isSecret([name, value]: readonly [string, string]): boolean {
  return value === hiddenValue || variableOf(name, value) !== null;
}

/** The variable that a recorded value stands for; null if it is the value itself. */
function variableOf(name: string, value: string): string | null {
  if (value === hiddenValue) return name.toUpperCase().replaceAll("-", "_");
  return [keyVariable, "PROXY_API_KEY"].find((variable) => value.endsWith(`$${variable}`)) ?? null;
}

/** A line in which the shell replaces the variable, and nothing else. */
function formatSecret([name, value]: readonly [string, string]): string {
  const variable = variableOf(name, value) ?? "";
  const before = value === hiddenValue ? "" : value.slice(0, -variable.length - 1);
  return `${name}: ${before.replace(/[\\$`]/g, "\\$&")}$${variable}`;
}

/** A word that is no line of the body. */
function findEnd(word: string, body: string): string {
  const lines = new Set(body.split("\n"));
  let end = word;
  for (let count = 1; lines.has(end); count += 1) end = `${word}_${count}`;
  return end;
}

/** The text as one word of a POSIX shell. */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
