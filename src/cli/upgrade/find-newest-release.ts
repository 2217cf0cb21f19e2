import { causeCodeOf } from "../../upstream/error-code.ts";

/** A release of the project. */
interface Release {
  readonly version: string;
  /** Its page. */
  readonly url: string;
}

/** A page that says no more in this time will not. */
const limitMs = 10_000;

/** Digits and a few signs only: it is shown on a terminal. */
const releasePath = /\/releases\/tag\/v?(\d{1,6}\.\d{1,6}\.\d{1,6}(?:-[0-9A-Za-z.-]{1,50})?)$/;

/**
 * Asks the project's page for its newest release: `releases/latest` leads to the page of that release, whose address
 * names the version. Nothing is sent but the question.
 * @param project the address of the project's page
 * @returns the release, or in words why it cannot be found out
 */
export async function findNewestRelease(project: string): Promise<Release | { readonly fault: string }> {
  const { host } = new URL(project);
  let response: Response;
  try {
    response = await fetch(`${project}/releases/latest`, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(limitMs),
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isLate = error.name === "TimeoutError";
    const code = causeCodeOf(error);
    return {
      fault: isLate ? `${host} does not answer` : `${host} cannot be reached (${code ?? error.name})`,
    };
  }
  const location = response.headers.get("location");
  const url = location === null ? null : URL.parse(location, project);
  const version = url === null ? undefined : releasePath.exec(url.pathname)?.[1];
  if (url === null || version === undefined) {
    return { fault: `${host} names no release (status ${response.status})` };
  }
  return { version, url: `${project}/releases/tag/v${version}` };
}
