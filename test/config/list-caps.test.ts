import { expect, test } from "bun:test";
import { listCaps } from "../../src/config/list-caps.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { createTestConfig } from "../support/test-config.ts";

test("a cap is raised where it is set: in the file, or in the shared database", () => {
  const file = createFileConfig({
    upstreams: [upstreamSettings("desk", "http://127.0.0.1:9/v1")],
    clients: [clientSettings("web", { usdPerDay: 1 })],
  });
  const clients = [clientSettings("ci", { usdPerMonth: 20 }), clientSettings("web", { usdPerDay: 9 })];
  const config = createTestConfig({
    baseUrl: "http://127.0.0.1:9/v1",
    logFilePath: "/tmp/proxy.log",
    file,
    shared: { clients, state: "begun" },
  });
  expect(listCaps(config)).toEqual([
    { name: "day of web", period: "day", client: "web", limitUsd: 1, setting: "clients.web.usd_per_day" },
    {
      name: "month of ci",
      period: "month",
      client: "ci",
      limitUsd: 20,
      setting: "usd_per_month with claude-proxy clients change ci",
    },
  ]);
});
