import { expect, test } from "bun:test";
import { describeService, type ServiceFacts } from "../../../src/cli/service/describe-service.ts";
import { loadServiceSettings } from "../../../src/cli/service/plan-service.ts";
import { selectService } from "../../../src/cli/service/select-service.ts";
import { createSettingsFile } from "../../support/settings-file.ts";

async function createFacts(changes: Partial<ServiceFacts>): Promise<ServiceFacts> {
  const place = { platform: "linux" as const, homeDir: "/home/anna", env: {} };
  using file = createSettingsFile("BIG_MODEL_NAME=big\nSMALL_MODEL_NAME=small\nOPENAI_API_KEY=key\n");
  const { loaded } = await loadServiceSettings(place, process.execPath, { envFile: file.path });
  return {
    service: selectService(place, 501),
    state: { isRunning: true, processId: 42, lastEnd: null },
    settings: { loaded, envFile: "/home/anna/.config/claude-proxy/.env", configFile: null },
    url: "http://127.0.0.1:8080",
    answer: { version: "1.2.3", startedAt: new Date(2026, 10, 24, 2, 11, 5), runningRequests: 0 },
    ...changes,
  };
}

const files = `  settings    /home/anna/.config/claude-proxy/.env
  log         /home/anna/.local/state/claude-proxy/claude-proxy.log
  defined in  /home/anna/.config/systemd/user/claude-proxy.service
`;

test("a service that runs: what, since when, where it listens, where its files are", async () => {
  expect(describeService(await createFacts({}))).toBe(`claude-proxy 1.2.3 runs as a systemd user unit.

  since       2026-11-24 02:11:05
  process     42
  listens     http://127.0.0.1:8080
${files}`);
});

test("a service that runs and does not answer", async () => {
  expect(describeService(await createFacts({ answer: null }))).toBe(`claude-proxy runs as a systemd user unit.

  process     42
  listens     http://127.0.0.1:8080 (but does not answer)
${files}`);
});

test("a service that has failed", async () => {
  const state = { isRunning: false, processId: null, lastEnd: "systemd says: exit-code" };
  expect(
    describeService(await createFacts({ state, answer: null })),
  ).toBe(`claude-proxy is installed as a systemd user unit but does not run.

  last end    systemd says: exit-code
${files}`);
});
