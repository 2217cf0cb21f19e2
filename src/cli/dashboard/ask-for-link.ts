import { z } from "zod";
import { CommandError } from "../command-error.ts";

const limitMs = 3000;

/** Only a path of ours, whatever answers: it is opened in a browser. */
const linkAnswer = z.object({
  path: z.string().regex(/^\/dashboard(?:\/enter\?code=[\w-]{20,100})?$/),
});

/**
 * Asks a running proxy for an address of its dashboard, with a code if it has client keys.
 * @param url as from `formatLocalUrl`
 * @param clientKey null if it has none
 * @throws CommandError that says why there is none
 */
export async function askForLink(url: string, clientKey: string | null): Promise<string> {
  const response = await post(`${url}/dashboard/link`, clientKey);
  if (response === null) {
    throw new CommandError(
      `No claude-proxy answers at ${url}.\nStart it: claude-proxy serve. If it uses another port: claude-proxy dashboard --port 8081`,
      1,
    );
  }
  if (response.status === 401 || response.status === 403) {
    const needs = clientKey === null ? "needs a client key" : "refuses the client key of these settings";
    throw new CommandError(
      `The proxy at ${url} ${needs}.\nRun this command with the settings of that proxy: --env-file or --config`,
      1,
    );
  }
  const answer = linkAnswer.safeParse(await response.json().catch(() => null));
  if (!answer.success) {
    throw new CommandError(
      `What answers at ${url} has no dashboard.\nIf it is an earlier claude-proxy, start it again with this version.`,
      1,
    );
  }
  return `${url}${answer.data.path}`;
}

/** Null if nobody answers in time. */
async function post(url: string, clientKey: string | null): Promise<Response | null> {
  // A proxy that passes on the credentials of its clients takes its key from the second header alone.
  const keys = clientKey === null ? {} : { "x-api-key": clientKey, "x-claude-proxy-key": clientKey };
  try {
    // Never uses an HTTP_PROXY: the server is on this machine.
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...keys },
      body: "{}",
      signal: AbortSignal.timeout(limitMs),
      redirect: "manual",
      proxy: false,
    });
  } catch {
    return null;
  }
}
