import type { Config } from "../../../src/config/config.ts";
import { digestKey } from "../../../src/config/digest-key.ts";
import type { FileConfig } from "../../../src/config/file-config.ts";
import { upstreamsOf } from "../../routing/upstreams-of.ts";
import { createTestConfig } from "../../support/test-config.ts";

/** A key that no output may show. */
export const secret = "sk-or-v1-0123456789abcdef0123456789abcdef";

const unlimited = {
  keyDigest: digestKey(secret),
  admin: false,
  usdPerDay: null,
  usdPerMonth: null,
  requestsPerMinute: null,
};

/** A file with what `route` can explain. */
export const file: FileConfig = {
  path: "/home/ada/.config/claude-proxy/config.yaml",
  upstreams: new Map([
    ...upstreamsOf(
      { openrouter: { fast: "openai/gpt-5-mini" } },
      { baseUrl: `https://openrouter.ai/api/v1?key=${secret}`, keys: [secret], headers: { a: secret } },
    ),
    ...upstreamsOf({ openai: {} }, { baseUrl: "https://api.openai.com/v1" }),
    ...upstreamsOf(
      { anthropic: {} },
      { baseUrl: "https://api.anthropic.com/v1", protocol: "anthropic", passesClientKey: true },
    ),
  ]),
  cases: [
    {
      when: { kind: ["title"], client: "ci" },
      targets: [{ upstream: "openrouter", model: "fast" }],
      line: 20,
    },
    { when: { images: true }, targets: [{ upstream: "openai", model: "gpt-5.6" }], line: 21 },
  ],
  routes: [
    {
      asked: "claude-*",
      targets: [
        { upstream: "anthropic", model: "*" },
        { upstream: "openrouter", model: "z-ai/glm-5.3" },
      ],
      line: 10,
    },
    { asked: "haiku", targets: [{ upstream: "openrouter", model: "fast" }], line: 11 },
  ],
  models: new Map(),
  clients: [
    { ...unlimited, name: "ci", models: ["openrouter/fast"] },
    { ...unlimited, name: "web", models: null },
  ],
  secrets: [secret],
};

/** The settings beside a file, or without one. */
export function configWith(from: FileConfig | null): Config {
  return createTestConfig({
    logFilePath: "/home/ada/claude-proxy.log",
    baseUrl: "https://openrouter.ai/api/v1",
    upstreamProfile: "auto",
    bigModelName: "z-ai/glm-5.3",
    mediumModelName: "z-ai/glm-5.3-air",
    smallModelName: "openai/gpt-5-mini",
    file: from,
  });
}
