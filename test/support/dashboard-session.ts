/** Opens a session of the dashboard with the key of a client; gives the cookie as a browser sends it. */
export async function openSession(url: string, key: string): Promise<string> {
  const entered = await fetch(`${url}${await askForPath(url, key)}`, { redirect: "manual" });
  return cookieOf(entered);
}

/** The path with a code that a client is given. */
export async function askForPath(url: string, key: string): Promise<string> {
  const response = await fetch(`${url}/dashboard/link`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": key, "x-claude-proxy-key": key },
  });
  const answer: unknown = await response.json();
  if (typeof answer === "object" && answer !== null && "path" in answer) return String(answer.path);
  throw new Error(`no link: ${JSON.stringify(answer)}`);
}

/** The cookie that an answer sets, without its attributes; `""` if it sets none. */
export function cookieOf({ headers }: Response): string {
  return headers.get("set-cookie")?.split(";")[0] ?? "";
}
