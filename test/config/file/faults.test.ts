import { expect, test } from "bun:test";
import { createConfigFolder } from "./config-folder.ts";

/** An upstream and a route without a fault, for what is faulty beside them. */
const good = "upstreams:\n  ollama: {}\n";

const names =
  "openrouter, openai, deepseek, kimi, glm, qwen, minimax, gemini, mistral, groq, xai, ollama, llamacpp, lmstudio, vllm, anthropic, sglang";
const kinds = "main, subagent, compaction, title, suggestion, hook, web_search, web_fetch, classifier, count";
const example = `Example: upstreams: { openrouter: { key: "\${OPENROUTER_API_KEY}" } }`;
const badModel = "is no target: its model has blanks around it, a line break, or more than 300 characters.";

test.each<[text: string, ...problems: string[]]>([
  // The syntax.
  [
    "a: [1\nb: 2",
    "2:1 This line is not indented as YAML needs it, or a [ or { before it is not closed. Keys of one map begin in the same column.",
  ],
  ["upstreams:\n\tollama: {}", "2:1 A tab stands where YAML allows only blanks. Indent with blanks."],
  ["upstreams: {x: {key: $" + "{Y}}}", `1:23 Inside [ ] and { } a secret stands in quotes: "\${NAME}".`],
  [
    "upstreams: {x: {url: a: b}}\n",
    "1:22 Inside [ ] and { } commas divide the entries, not lines with - or indentation; a text with a colon stands in quotes.",
  ],
  [
    `a:\n  b: { k: $` + `{X}, l: 1 }\n  c: { k: $` + `{Y} }\nd: e\nf: $` + `{Z}\n`,
    `2:12 Inside [ ] and { } a secret stands in quotes: "\${NAME}".`,
    `3:12 Inside [ ] and { } a secret stands in quotes: "\${NAME}".`,
  ],
  ['a:\n  b: { k: "x }\nc: d\n', "2:11 The quote that begins here is not closed."],
  ["a: 'x\nb: c\n", "1:4 The quote that begins here is not closed."],
  ["routes:\n  *: x\n  c-*: y\n", "2:4 A * begins an alias in YAML. If a text is meant, put it in quotes."],
  ["a: b: c\n", "1:4 There is a second colon in this line. Put the text with a colon in quotes."],
  ["a: @b\n", "1:4 A text cannot begin with this character. Put it in quotes."],
  ["a: 1\n---\nb: 2\n", "2:1 A second document begins here. Remove the line ---."],
  ["[".repeat(100_000), "1:1 It is nested too deeply."],
  ["upstreams: {a: &a [*a]}\n", "1:20 An alias (*) stands for itself."],
  ["upstreams: {a: *b}\n", "1:13 An alias (*) has no anchor (&) before it."],
  [
    "upstreams: !thing {}\n",
    "1:12 A ! begins a tag in YAML, and this one has no meaning here. If a text is meant, put it in quotes.",
  ],
  // The whole file.
  ["", `1:1 The file is empty. It needs at least ${example.slice(9)}.`],
  ["# nothing\n", `1:1 The file is empty. It needs at least ${example.slice(9)}.`],
  ["- a\n", "1:1 The file must be a map, with lines of the form key: value, and is a list."],
  ["upstreams:\n", `1:1 upstreams: is missing. ${example}`],
  ["routes: {}\n", `1:1 upstreams: is missing. ${example}`],
  ["upstreams: {}\n", "1:1 upstreams: names no upstream. Example: upstreams: { ollama: {} }"],
  // Caps, which need the record.
  [
    `${good}server: { record: "off" }\nclients:\n  ci: { key: ci-key-0123456789-abcdef, usd_per_month: 5 }\n`,
    "5:40 clients.ci.usd_per_month: needs the record of what was spent, but RECORD is off: set RECORD=on, or take the limit away.",
  ],
  // Keys.
  [`${good}rutes: {}\n`, "3:1 rutes: is no key here. Did you mean routes?"],
  [
    "upstreams:\n  ollama: { baseUrl: x, zzz: 1 }\n",
    "2:13 upstreams.ollama.baseUrl: is no key here. Did you mean url?",
    "2:25 upstreams.ollama.zzz: is no key here. There are url, protocol, profile, key, keys, headers, body, timeouts, concurrency, http_proxy, ca_file, models.",
  ],
  [
    "upstreams:\n  ollama: {}\n  ollama: {}\n",
    '3:3 upstreams: has the key "ollama" twice: the first one is on line 2.',
  ],
  [
    `${good}routes:\n  4.10: ollama/a\n  "4.10": ollama/b\n`,
    '5:3 routes: has the key "4.10" twice: the first one is on line 4.',
  ],
  [`${good}? [a]\n: 1\n`, "3:3 The file has a key that is no text before a colon."],
  [`${good}__proto__: 1\n`, "3:1 The file has a key that is no text before a colon."],
  // Types, and how to quote.
  [
    "upstreams:\n  glm: { key: 12345 }\n",
    "2:10 upstreams.glm.key: is a number in YAML, and a text is expected. Put it in quotes.",
  ],
  [
    `${good}models:\n  ollama/x: { like: 1.5, name: true, images: "no", window: 8k }\n`,
    `4:15 models["ollama/x"].like: is a number in YAML, and a text is expected. Put it in quotes: "1.5".`,
    `4:26 models["ollama/x"].name: is true or false in YAML, and a text is expected. Put it in quotes: "true".`,
    `4:38 models["ollama/x"].images: must be true or false, and is a text.`,
    `4:52 models["ollama/x"].window: must be a number, and is a text.`,
  ],
  // Upstreams.
  [
    "upstreams:\n  deepseek:\n    protocol: chatt\n    key: k-1\n",
    '3:5 upstreams.deepseek.protocol: "chatt" is not one of chat, responses, anthropic, auto. Did you mean chat?',
  ],
  [
    "upstreams:\n  Mine: {}\n",
    "2:3 upstreams.Mine: is no name: lower-case letters, digits, dots, _ and - are allowed, the first a letter or a digit.",
  ],
  [
    "upstreams:\n  mine: {}\n",
    `2:3 upstreams.mine: has no url. Only these have a usual one, by name or by profile: ${names}.`,
  ],
  [
    "upstreams:\n  a: { url: ftp://x }\n",
    "2:8 upstreams.a.url: must begin with https:// or http://, not with ftp://.",
  ],
  [
    'upstreams:\n  a: { url: "https://u:canary@x.test/v1" }\n',
    "2:8 upstreams.a.url: must not contain a user name or password: the key is the member key.",
  ],
  [
    'upstreams:\n  a: { url: "http://localhost:8080/v1" }\n',
    "2:8 upstreams.a.url: has port 8080, on which claude-proxy itself listens: it would call itself. Choose another server.port.",
  ],
  ["upstreams:\n  openrouter: {}\n", "2:3 upstreams.openrouter: has no key, but openrouter.ai needs one."],
  [
    'upstreams:\n  a: { url: "https://x.test/v1" }\n',
    "2:3 upstreams.a: has no key, but x.test needs one; if it needs none, any word will do.",
  ],
  [
    "upstreams:\n  openrouter: { key: gsk_canary-0123456789 }\n",
    "2:17 upstreams.openrouter.key: begins with gsk_, like keys of api.groq.com, but the upstream is openrouter.ai. The url of that company is https://api.groq.com/openai/v1.",
  ],
  [
    "upstreams:\n  glm: { key: sk-or-v1-… }\n",
    "2:10 upstreams.glm.key: still ends with the dots of the example: put your own key there.",
  ],
  [
    "upstreams:\n  glm: { key: a, keys: [b, b, client] }\n",
    "2:18 upstreams.glm.keys: stands beside key: keep one of the two.",
    "2:28 upstreams.glm.keys[1]: is the same key as one before it.",
    "2:31 upstreams.glm.keys[2]: cannot be client in a list: write key: client.",
  ],
  [
    'upstreams:\n  ollama: { headers: { host: a, X-A: b, x-a: c, "a b": d, e: "f\\ng" } }\n',
    "2:24 upstreams.ollama.headers.host: is a header that claude-proxy sets itself.",
    "2:41 upstreams.ollama.headers.x-a: is given twice, in other letters.",
    '2:49 upstreams.ollama.headers["a b"]: is no name of a header.',
    "2:59 upstreams.ollama.headers.e: may contain only plain ASCII characters, and no line break.",
  ],
  [
    "upstreams:\n  ollama: { body: { stream: false, a: [.inf] } }\n",
    "2:21 upstreams.ollama.body.stream: is what claude-proxy itself writes.",
    "2:40 upstreams.ollama.body.a[0]: is no number that JSON has.",
  ],
  [
    "upstreams:\n  ollama: { timeouts: { connect: 10, first_byte: 5 min, idle: 25h } }\n",
    "2:25 upstreams.ollama.timeouts.connect: 10 must be a time such as 10s, 6m or 500ms; 0 means no limit.",
    '2:38 upstreams.ollama.timeouts.first_byte: "5 min" is no time: write a number with its unit, such as 500ms, 10s, 6m or 1h; 0 means no limit.',
    '2:57 upstreams.ollama.timeouts.idle: "25h" must be from 1ms to 24h, or 0 for no limit.',
  ],
  [
    'upstreams:\n  ollama: { concurrency: 0, http_proxy: "socks5://u:canary@p:1", ca_file: ca.pem }\n',
    "2:13 upstreams.ollama.concurrency: 0 must be 1 or more.",
    "2:29 upstreams.ollama.http_proxy: must be an address that begins with http:// or https://.",
    '2:66 upstreams.ollama.ca_file: "ca.pem" must be an absolute path or begin with ~/.',
  ],
  [
    "upstreams:\n  routes:\n    default: ollama/x\n",
    "2:3 upstreams.routes: stands inside upstreams and has no url. If the key routes of the file is meant, it begins in the first column.",
    "3:5 upstreams.routes.default: is no key here. There are url, protocol, profile, key, keys, headers, body, timeouts, concurrency, http_proxy, ca_file, models.",
  ],
  [
    "upstreams:\n  groq: key-canary\n",
    `2:3 upstreams.groq: must be a map, with lines of the form key: value, and is a text. Example: { key: "\${NAME}" }`,
  ],
  // References as other programs write them.
  ...["$GROQ_API_KEY", "%GROQ_API_KEY%", "os.environ/GROQ_API_KEY", "env.GROQ", "{{GROQ}}"].map(
    (key): [string, string] => [
      `upstreams:\n  groq: { key: "${key}" }\n`,
      `2:11 upstreams.groq.key: is written like a variable of another program. Here it is "\${NAME}", in quotes.`,
    ],
  ),
  // The caller's own credential.
  [
    "upstreams:\n  openrouter: { key: client }\n",
    "2:17 upstreams.openrouter.key: is client, which only works with protocol anthropic, and this upstream has auto. Set protocol: anthropic, or a key of your own.",
  ],
  [
    "upstreams:\n  deepseek: { key: client, protocol: anthropic }\n",
    "2:15 upstreams.deepseek.key: is client, so the host must be written in the file: set url for api.deepseek.com.",
  ],
  // Routes.
  [
    `${good}routes:\n  default: olama/x\n  opus: ollama\n  sonnet: [ollama/a*b, x/y, ollama/c, ollama/c]\n`,
    '4:3 routes.default: "olama/x" names the upstream olama, which is not there. Did you mean ollama/x?',
    '5:3 routes.opus: "ollama" names no model. Write ollama/MODEL, or ollama/* to pass on the model asked for.',
    '6:12 routes.sonnet[0]: "ollama/a*b" has a * beside other characters. A target is one model, or ollama/* for the model asked for.',
    '6:24 routes.sonnet[1]: "x/y" names the upstream x, which is not there. Did you mean ollama/x/y?',
    '6:39 routes.sonnet[3]: "ollama/c" stands in this list before.',
  ],
  [
    `${good}routes:\n  Opus: ollama/a\n  opus: ollama/b\n  "x[1m]": ollama/c\n  haiku: []\n  a: { b: c }\n`,
    "5:3 routes.opus: is the same as routes.Opus.",
    '6:3 routes["x[1m]"]: can never match: [1m] is cut from the model asked for. Leave it out.',
    "7:3 routes.haiku: is an empty list. Name a target, or remove it.",
    "8:3 routes.a: must be a target, upstream/model, or a list of targets.",
  ],
  // Cases.
  [
    `${good}cases:\n  when: { images: true }\n  to: ollama/a\n`,
    "3:1 cases: must be a list, and is a map. Example: - { when: { images: true }, to: UPSTREAM/MODEL }",
  ],
  [`${good}cases:\n  - { to: ollama/a }\n`, "4:5 cases[0].when: is missing. Example: when: { images: true }"],
  [
    `${good}cases:\n  - { when: { images: true }, to: ollama/a }\n  - { when: { tier: opus, images: true }, to: ollama/b }\n  - { when: {}, to: ollama/c }\n  - { when: { tools: true }, to: ollama/d }\n`,
    "5:5 cases[1]: can never match, because cases[0] on line 4 holds whenever this one does. Move it up, or remove it.",
    "7:5 cases[3]: can never match, because cases[2] on line 6 holds for every request. Move it up, or remove it.",
  ],
  [
    `${good}cases:\n  - { when: { kind: mian, tier: big, tokens: -1, agent: 3 } }\n  - { when: { kind: [main, sub], client: bob }, to: ollama/a }\n`,
    "4:5 cases[0].to: is missing. Example: to: UPSTREAM/MODEL",
    `4:15 cases[0].when.kind: "mian" is not one of ${kinds}. Did you mean main?`,
    '4:27 cases[0].when.tier: "big" is not one of fable, opus, sonnet, haiku.',
    "4:38 cases[0].when.tokens: -1 must be 1 or more.",
    "4:50 cases[0].when.agent: 3 must be true, false or the type of an agent.",
    `5:28 cases[1].when.kind[1]: "sub" is not one of ${kinds}.`,
  ],
  [
    `${good}cases:\n  - { when: { client: bob }, to: ollama/a }\n`,
    '4:15 cases[0].when.client: "bob" is no client, and the file has no clients.',
  ],
  [
    `${good}clients:\n  robert: { key: canary-robert-0123456789 }\ncases:\n  - { when: { client: robrt }, to: ollama/a }\n`,
    '6:15 cases[0].when.client: "robrt" is no client. Did you mean robert?',
  ],
  [
    // What is faulty swallows nothing, hides no fault of the others, and counts in their places.
    `${good}cases:\n  - { when: { kind: mian }, to: ollama/a }\n  - { when: { images: true }, to: ollama/b }\n  - { when: { images: true, tier: opus }, to: ollama/c }\n`,
    `4:15 cases[0].when.kind: "mian" is not one of ${kinds}. Did you mean main?`,
    "6:5 cases[2]: can never match, because cases[1] on line 5 holds whenever this one does. Move it up, or remove it.",
  ],
  [
    // A key in the wrong place.
    "upstreams:\n  ollama: { protocol: gsk_canary }\n",
    '2:13 upstreams.ollama.protocol: "…" is not one of chat, responses, anthropic, auto.',
  ],
  // A key that is there but wrong is not missing too; nor is one that stands in a header or in the address.
  ["upstreams:\n  glm: { keys: 12345 }\n", "2:10 upstreams.glm.keys: must be a list, and is a number."],
  ['upstreams:\n  a: { url: "https://x.test/v1", headers: { X-Auth: canary } }\n'],
  ['upstreams:\n  a: { url: "https://x.test/v1?sig=canary" }\n'],
  // Models of targets.
  [`${good}routes: { default: "ollama/a\\u0007b" }\n`, `3:11 routes.default: "ollama/a\\u0007b" ${badModel}`],
  [`${good}routes: { default: "ollama/ b" }\n`, `3:11 routes.default: "ollama/ b" ${badModel}`],
  [
    `${good}routes: { default: ollama/${"c".repeat(301)} }\n`,
    `3:11 routes.default: "ollama/${"c".repeat(53)}…" ${badModel}`,
  ],
  [`${good}routes: { default: ollama/${"c".repeat(300)} }\n`],
  // Models.
  [
    `${good}models:\n  olama/x: {}\n  ollama/*: {}\n  ollama/y: { window: 0, price: { input: 1 } }\n`,
    '4:3 models["olama/x"]: "olama/x" names the upstream olama, which is not there. Did you mean ollama/x?',
    '5:3 models["ollama/*"]: must name one model.',
    '6:15 models["ollama/y"].window: 0 must be 1 or more.',
    '6:26 models["ollama/y"].price.output: is missing.',
  ],
  [
    "upstreams:\n  ollama: { models: { fast: long } }\nmodels:\n  ollama/fast: {}\n  ollama/long: {}\n",
    '5:3 models["ollama/long"]: is a model that is named before.',
  ],
  // Clients.
  [
    `${good}clients:\n  a: { key: "canary with a blank" }\n  b: {}\n  c: { key: canary-0123456789abcdef, models: ["olama/*", "*"] }\n  d: { key: canary-0123456789abcdef }\n`,
    "4:8 clients.a.key: contains a space, a line break or another character that a key cannot contain.",
    "5:3 clients.b.key: is missing.",
    '6:47 clients.c.models[0]: "olama/*" matches no target: there is no such upstream. Did you mean ollama?',
    "7:8 clients.d.key: is the same key as that of the client c. Give each client a key of its own.",
  ],
  [
    `upstreams:\n  ollama: {}\n  vllm: { models: { s: long } }\nclients:\n  a: { key: canary-0123456789abcdef, models: ["ollama/*", vllm/long] }\nroutes:\n  opus: [vllm/s, vllm/b]\n  haiku: ollama/*\n  sonnet: vllm/*\ncases:\n  - { when: { images: true }, to: vllm/c }\n`,
    '7:3 routes.opus: "vllm/b" is in no client\'s models.',
    '11:31 cases[0].to: "vllm/c" is in no client\'s models.',
  ],
  // Settings.
  [
    `server: { prot: 1, base_url: x, port: 99999, log_level: loud, proxy_api_key: canary }\n${good}`,
    "1:11 server.prot: is no key here. Did you mean port?",
    "1:20 server.base_url: does not stand here: the address of an upstream is upstreams.NAME.url.",
    '1:33 server.port: "99999" must be a whole number from 0 to 65535.',
    '1:46 server.log_level: "loud" must be one of DEBUG, INFO, WARN, ERROR.',
    "1:63 server.proxy_api_key: does not stand here: the keys of clients are clients.NAME.key.",
  ],
])("%j", async (text, ...problems) => {
  using folder = createConfigFolder(text);
  const found = await folder.problems();
  expect(found.map((line) => line.replace(/^1:\d+ (?=It is nested)/, "1:1 "))).toEqual(problems);
  expect(found.join("\n")).not.toContain("canary");
});
