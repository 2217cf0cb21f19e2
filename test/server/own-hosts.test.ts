import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Pair, startPair } from "../support/start-pair.ts";

describe("[row 69] a server on loopback is called by the names of loopback, at its port", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair();
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  test.each([
    ["127.0.0.1:#", 200],
    ["localhost:#", 200],
    ["LocalHost:#", 200],
    ["[::1]:#", 200],
    ["127.0.0.1", 403],
    ["localhost", 403],
    ["localhost:1", 403],
    ["127.0.0.2:#", 403],
    ["::1:#", 403],
    ["0.0.0.0:#", 403],
    ["evil.example:#", 403],
    [":#", 403],
  ])("%s: %d", async (host, status) => {
    const { port, url } = pair.proxy;
    const response = await fetch(`${url}/`, { headers: { host: host.replace("#", String(port)) } });
    await response.text();
    expect(response.status).toBe(status);
  });

  test.each([
    ["claude-cli/2.1.332 (external, cli)", 424],
    ["curl/8", 403],
  ])("[5.5:own] %s, which calls it by another, hears a %d and what to set", async (agent, status) => {
    const { port, url } = pair.proxy;
    const response = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { host: `evil.example:${port}`, "content-type": "application/json", "user-agent": agent },
      body: "{}",
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: {
        type: "permission_error",
        message:
          "host: claude-proxy is not called by that name. Set ANTHROPIC_BASE_URL to the address that it told when it started.",
      },
    });
  });
});
