import { expect, test } from "bun:test";
import { ApiError } from "../../../src/anthropic/api-error.ts";
import { describeHealth } from "../../../src/relay/failover/describe-health.ts";
import { createFailoverState } from "../../../src/relay/failover/failover-state.ts";

test("targets that were asked, and the keys of upstreams that have several", () => {
  let nowMs = 1_000;
  const state = createFailoverState(() => nowMs);
  const upstreams = [
    { name: "desk", keys: ["canary-one", "canary-two"] },
    { name: "lab", keys: ["canary-three"] },
  ];
  const well = { isHealthy: true, restsMs: null, reason: null };
  const keys = [
    { name: "desk key 1", ...well },
    { name: "desk key 2", ...well },
  ];
  expect(describeHealth(state, upstreams)).toEqual(keys);
  for (let index = 0; index < 5; index += 1) state.health.begin("lab/small").fail();
  state.health.begin("desk/big").succeed();
  const error = new ApiError("rate_limit_error", "slow down");
  state.keyPools.cool("desk", "canary-two", { seconds: 30, status: 429, error });
  nowMs += 1_500;
  const rested = { name: "lab/small", isHealthy: false, restsMs: 3_500, reason: "failed too often" };
  expect(describeHealth(state, upstreams)).toEqual([
    { name: "desk/big", ...well },
    rested,
    { name: "desk key 1", ...well },
    { name: "desk key 2", isHealthy: false, restsMs: 29_000, reason: "refused with 429" },
  ]);
  nowMs += 4_000;
  const probe = state.health.begin("lab/small");
  expect(describeHealth(state, upstreams)[1]).toEqual({
    ...rested,
    restsMs: 0,
    reason: "failed too often; a request tries it now",
  });
  probe.succeed();
  expect(describeHealth(state, upstreams)[1]).toEqual({ name: "lab/small", ...well });
});
