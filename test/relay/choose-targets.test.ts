import { expect, test } from "bun:test";
import { createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";

const fileOf = (baseUrl: string) =>
  createFileConfig({ upstreams: [upstreamSettings("one", baseUrl)], routes: { opus: "one/big" } });
const message =
  'No route leads to the model "nowhere/x". There are: ids with the word opus; any model of an upstream, as one/MODEL.';

test.each(["claude-cli/2.1.330 (external, sdk-cli)", "claude-code/2.1.330"])(
  "%s is told what there is with a status whose text it shows",
  async (agent) => {
    await using pair = await startPair({ fileOf });
    const refused = await pair.post({ ...hello, model: "nowhere/x" }, { headers: { "user-agent": agent } });
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(await readFailure(refused)).toEqual([424, "not_found_error", message]);
    expect(pair.upstream.requests).toEqual([]);
  },
);

test("other clients get the status of a model that is not there, for a count as well", async () => {
  await using pair = await startPair({ fileOf });
  const refused = await pair.post({ ...hello, model: "nowhere/x" });
  expect(await readFailure(refused)).toEqual([404, "not_found_error", message]);
  const counted = await pair.count({ ...hello, model: "nowhere/x" });
  expect(await readFailure(counted)).toEqual([404, "not_found_error", message]);
});
