import { afterAll, beforeAll, test } from "bun:test";
import { type ClientVersion, whyNoClient } from "./install-client.ts";
import { type BuiltBinary, buildBinary } from "./start-binary.ts";

/** For the build, the installation of a client and its run. */
export const timeLimitMs = 180_000;

/** Builds the program before the tests of the file that calls this, and removes it after them. */
export function buildForTests(): { readonly path: string } {
  let binary: BuiltBinary | null = null;
  beforeAll(async () => {
    binary = await buildBinary();
  }, timeLimitMs);
  afterAll(async () => {
    await binary?.remove();
  });
  return {
    get path() {
      if (binary === null) throw new Error("the program is built when the tests begin");
      return binary.path;
    },
  };
}

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
