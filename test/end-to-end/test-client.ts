import { test } from "bun:test";
import { type ClientVersion, whyNoClient } from "./install-client.ts";

/** For the build, the installation of a client and its run. */
export const timeLimitMs = 180_000;

/** A test that needs the client. On a machine that cannot run it, it is skipped and its name says why. */
export function testClient(
  version: ClientVersion,
  name: string,
  run: () => Promise<void>,
  limitMs: number = timeLimitMs,
): void {
  const reason = whyNoClient(version);
  if (reason === null) test(`Claude Code ${version} ${name}`, run, limitMs);
  else test.skip(`Claude Code ${version} ${name} (${reason})`, run);
}
