import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDuration } from "../../../src/config/file/parse-duration.ts";
import { readUpstreamUrl } from "../../../src/config/file/read-upstream-url.ts";
import { listUpstreams } from "../../../src/config/list-upstreams.ts";
import type { ProtocolId } from "../../../src/profiles/protocol-id.ts";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import { familyNames, findUsualUrl } from "../../../src/profiles/usual-urls.ts";
import { createConfigFolder } from "./config-folder.ts";

test.each<
  [
    url: string,
    protocol: ProtocolId | "auto",
    base: string,
    wire: ProtocolId | "auto",
    named: ProtocolId | null,
  ]
>([
  ["https://api.anthropic.com", "auto", "https://api.anthropic.com/v1", "anthropic", null],
  ["https://api.anthropic.com/v1/", "auto", "https://api.anthropic.com/v1", "anthropic", null],
  ["https://api.anthropic.com/v1/messages", "auto", "https://api.anthropic.com/v1", "anthropic", "anthropic"],
  ["https://api.anthropic.com/v1", "chat", "https://api.anthropic.com/v1", "chat", null],
  ["https://api.anthropic.com/v1/chat/completions", "auto", "https://api.anthropic.com/v1", "auto", "chat"],
  ["https://api.deepseek.com/anthropic", "auto", "https://api.deepseek.com/anthropic/v1", "anthropic", null],
  ["https://api.z.ai/api/anthropic/", "auto", "https://api.z.ai/api/anthropic/v1", "anthropic", null],
  [
    "https://dashscope.aliyuncs.com/api/v2/apps/claude-code-proxy",
    "auto",
    "https://dashscope.aliyuncs.com/api/v2/apps/claude-code-proxy/v1",
    "anthropic",
    null,
  ],
  ["http://localhost:1234", "anthropic", "http://localhost:1234/v1", "anthropic", null],
  [
    "http://localhost:11434/v1/messages?x=1",
    "auto",
    "http://localhost:11434/v1?x=1",
    "anthropic",
    "anthropic",
  ],
  [
    "https://gw.test/team/v1/messages/count_tokens",
    "auto",
    "https://gw.test/team/v1",
    "anthropic",
    "anthropic",
  ],
  ["https://gw.test/anthropics/v1", "auto", "https://gw.test/anthropics/v1", "auto", null],
  ["https://x.test/v1/responses", "auto", "https://x.test/v1", "auto", "responses"],
  [
    "https://acme.openai.azure.com/openai/v1?api-version=preview",
    "responses",
    "https://acme.openai.azure.com/openai/v1?api-version=preview",
    "responses",
    null,
  ],
])("%s with protocol %s is %s", (url, protocol, baseUrl, wire, addressProtocol) => {
  expect(readUpstreamUrl(url, protocol)).toEqual({ baseUrl, protocol: wire, addressProtocol });
});

test("the usual address of a family is recognised as that family's", () => {
  const recognised = familyNames.map((name) => {
    const baseUrl = findUsualUrl(name, false) ?? "";
    return [name, selectProfile({ setting: "auto", baseUrl, model: "m" }).id];
  });
  // These three are told apart by what they answer, and Anthropic's own is no family.
  const others = new Map([
    ["llamacpp", "generic"],
    ["vllm", "generic"],
    ["sglang", "generic"],
    ["anthropic", "generic"],
  ]);
  expect(recognised).toEqual(familyNames.map((name) => [name, others.get(name) ?? name]));
});

test("a name or a profile stands for its address; a family that no host shows is named", async () => {
  using folder = createConfigFolder(`upstreams:
  sglang: {}
  desk: { profile: lmstudio }
  far: { profile: sglang, url: "http://10.0.0.1:30000/v1" }
  deepseek: { protocol: anthropic, key: canary-0123456789 }
  ollama: { url: "http://10.0.0.2:11434/v1" }
`);
  const { config } = await folder.load();
  expect(listUpstreams(config).map(({ baseUrl, profile }) => [baseUrl, profile])).toEqual([
    ["http://localhost:30000/v1", "vllm"],
    ["http://localhost:1234/v1", "lmstudio"],
    ["http://10.0.0.1:30000/v1", "vllm"],
    ["https://api.deepseek.com/anthropic/v1", "deepseek"],
    ["http://10.0.0.2:11434/v1", "auto"],
  ]);
});

test.each<[string | number, number | null]>([
  ["10s", 10],
  ["6m", 360],
  ["500ms", 0.5],
  ["1.5 h", 5400],
  [0, 0],
  ["0", 0],
  ["0s", 0],
  ["24h", 86_400],
  ["25h", null],
  ["10", null],
  [10, null],
  ["-1s", null],
  ["", null],
  ["1d", null],
])("the time %p is %p seconds", (text, seconds) => {
  const parsed = parseDuration(text);
  expect(typeof parsed === "number" ? parsed : null).toBe(seconds);
});

test("limits on silence: the upstream's own, else the settings', else the usual ones", async () => {
  using folder = createConfigFolder(`upstreams:
  ollama: { timeouts: { connect: 500ms, idle: 0 } }
  glm: { key: canary-0123456789, timeouts: { first_byte: 1m, connect: 0 } }
  vllm: {}
server: { upstream_idle_seconds: 99 }
`);
  const { config } = await folder.load({ env: { UPSTREAM_FIRST_BYTE_SECONDS: "77" } });
  const limits = listUpstreams(config).map(
    ({ connectSeconds, firstByteSeconds, idleSeconds, usualLimits }) => [
      connectSeconds,
      firstByteSeconds,
      idleSeconds,
      usualLimits,
    ],
  );
  const set = { firstByte: false, idle: false };
  expect(limits).toEqual([
    [0.5, 77, null, set],
    [86_400, 60, 99, set],
    [null, 77, 99, set],
  ]);
  folder.write(
    ".config/claude-proxy/config.yaml",
    "upstreams:\n  ollama: {}\n  vllm: { url: http://gpu1/v1 }\n",
  );
  const usual = { firstByte: true, idle: true };
  expect(
    listUpstreams((await folder.load()).config).map((own) => [
      own.firstByteSeconds,
      own.idleSeconds,
      own.usualLimits,
    ]),
  ).toEqual([
    [null, 360, usual],
    [360, 360, usual],
  ]);
});

test("certificates are read from their file, which must have some", async () => {
  using folder = createConfigFolder("upstreams:\n  ollama: { ca_file: ~/ca.pem }\n");
  const problem = (text: string) => [`2:13 upstreams.ollama.ca_file: "~/ca.pem" ${text}.`];
  expect(await folder.problems()).toEqual(problem("cannot be read: there is no such file"));
  folder.write("ca.pem", "nothing");
  expect(await folder.problems()).toEqual(problem("contains no certificate in PEM"));
  folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  expect(await folder.problems()).toEqual(problem("has a certificate that cannot be read"));
  const pem = readFileSync(join(import.meta.dir, "../../fixtures/config/signer.pem"), "utf8");
  folder.write("ca.pem", `A signer\n${pem}`);
  expect(listUpstreams((await folder.load()).config)[0]?.ca).toBe(`A signer\n${pem}`);
});

test("the caller's own credential goes to a host that the file itself names", async () => {
  using folder = createConfigFolder(`upstreams:
  anthropic: { key: client }
  mine: { url: "https://gw.test/anthropic", key: client }
  lent: { url: "https://\${HOST_NAME}/anthropic", key: client }
  whole: { url: "\${URL}", protocol: anthropic, key: client }
`);
  const text =
    "is client, so the host must be written out in url: nothing else may decide who gets the login.";
  expect(
    await folder.problems({ env: { HOST_NAME: "evil.test", URL: "https://evil.test/anthropic" } }),
  ).toEqual(
    [`4:50 upstreams.lent.key: ${text}`, `5:48 upstreams.whole.key: ${text}`].map((line) =>
      line.replace(/ (lent|whole)/, " upstreams.$1"),
    ),
  );
});

test("what is probably not meant is a warning", async () => {
  using folder = createConfigFolder(`upstreams:
  a: { url: "http://far.test/v1", key: canary-0123456789 }
  b: { url: "https://gw.test/v1", key: gsk_canary-0123456789 }
  openrouter: { key: sk-canary-0123456789 }
  c: { url: "https://c.test/v1/responses", protocol: chat, key: canary-0123456789 }
  d: { url: "https://api.mistral.ai", key: canary-0123456789 }
clients: { a: { key: canary-15-chars } }
routes: { "*": a/x, opus: a/y, default: a/z }
`);
  const { warnings } = await folder.load();
  expect(warnings.map((line) => line.replace(`${folder.path}:`, ""))).toEqual([
    "2:8 upstreams.a.url: is not encrypted: a key and your code are sent to far.test in the clear. Use https:// if the server supports it.",
    "3:35 upstreams.b.key: begins with gsk_, like keys of api.groq.com. It will be sent to gw.test.",
    "4:17 upstreams.openrouter.key: does not begin with sk-or-, as keys of openrouter.ai do.",
    "5:8 upstreams.c.url: ends like an address for protocol responses, but the protocol is chat, which is used.",
    "6:8 upstreams.d.url: is probably wrong: api.mistral.ai answers at https://api.mistral.ai/v1.",
    "7:17 clients.a.key: has fewer than 16 characters and could be guessed.",
    '8:11 routes["*"]: matches every model, so these are never reached: opus, default.',
  ]);
});
