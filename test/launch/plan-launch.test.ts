import { describe, expect, test } from "bun:test";
import type { LaunchVariable } from "../../src/launch/launch-subject.ts";
import { planLaunch } from "../../src/launch/plan-launch.ts";
import { launchOf, modelOf } from "./launch-of.ts";

const glm = modelOf("router/z-ai/glm", {
  name: "GLM",
  windowTokens: 131_072,
  maxOutputTokens: 16_384,
  price: { input: 0.6, output: 2.2, cacheRead: 0.11, cacheWrite: null },
});
const opus = modelOf("claude-opus", { name: "Opus (GLM)", tier: "opus", windowTokens: 131_072 });
const haiku = modelOf("claude-haiku", { tier: "haiku", windowTokens: 200_000 });
const models = [opus, haiku, glm];

const valuesOf = (variables: readonly LaunchVariable[]) =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]));

const usual = {
  ANTHROPIC_BASE_URL: "http://127.0.0.1:8080",
  ANTHROPIC_AUTH_TOKEN: "local",
  CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: "1",
  CLAUDE_CODE_GATEWAY_HINT_HEADERS: "1",
  CLAUDE_CODE_AUTO_MODE_SERVER: "0",
  CLAUDE_CODE_AUTO_MODE_MODEL: "haiku",
  CLAUDE_CODE_MAX_CONTEXT_TOKENS: "131072",
};

/** What stands in the client's own rows of `/model`. */
const labels = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: "claude-opus-5-5",
  ANTHROPIC_DEFAULT_OPUS_MODEL_NAME: "Opus (GLM)",
  ANTHROPIC_DEFAULT_OPUS_MODEL_DESCRIPTION: "131k tokens",
  ANTHROPIC_DEFAULT_HAIKU_MODEL: "claude-haiku-5-5",
  ANTHROPIC_DEFAULT_HAIKU_MODEL_NAME: "claude-haiku",
  ANTHROPIC_DEFAULT_HAIKU_MODEL_DESCRIPTION: "200k tokens",
};

describe("a version that is known to take everything, and one that is newer", () => {
  test.each(["2.1.330 (Claude Code)", "2.1.332", "3.0.0"])("%s", (version) => {
    const plan = planLaunch(launchOf(version, models, { model: "router/z-ai/glm" }));
    expect(valuesOf(plan.variables)).toEqual({
      ...usual,
      ...labels,
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: "16384",
    });
    expect(plan.settings).toEqual({
      modelPicker: {
        options: [
          {
            model: "router/z-ai/glm",
            label: "GLM",
            description: "router/z-ai/glm · 131k tokens · $0.6/$2.2 per Mtok",
          },
        ],
      },
      modelSettings: {
        opus: { autoCompactWindow: 131_072 },
        haiku: { autoCompactWindow: 200_000 },
        "router/z-ai/glm": { autoCompactWindow: 131_072 },
      },
    });
    expect(plan.managedSettings).toEqual({
      modelPricing: {
        overrides: { "router/z-ai/glm": { input: 0.6, output: 2.2, cacheRead: 0.11, cacheWrite: 0.6 } },
      },
    });
    expect([plan.unset, plan.bypass]).toEqual([[], null]);
  });
});

test("the price of a tier stands under the exact id by which the client asks for it", () => {
  const priced = { ...opus, price: { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.5 } };
  const price = { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.5 };
  expect(planLaunch(launchOf("2.1.330", [priced])).managedSettings).toEqual({
    modelPricing: { overrides: { "claude-opus": price, "claude-opus-5-5": price } },
  });
});

test.each(["1.0.56", "2.0.76", null])("%s is given variables only", (version) => {
  const plan = planLaunch(launchOf(version, models));
  expect(valuesOf(plan.variables)).toEqual(usual);
  expect([plan.settings, plan.managedSettings, plan.bypass]).toEqual([null, null, null]);
  expect(plan.unset).toEqual(["models in /model", "each model's window", "prices"]);
});

test("what the user himself gives an old client is left to it", () => {
  const given = { theme: "dark" };
  expect(planLaunch(launchOf("1.0.56", models, { client: { givenSettings: given } })).settings).toBe(given);
});

test.each(["2.0.77", "2.1.329"])("%s takes the address in its settings, and nothing unproven", (version) => {
  const plan = planLaunch(launchOf(version, models));
  expect(plan.settings).toEqual({ env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:8080" } });
  expect(plan.managedSettings).toBeNull();
  expect(plan.unset).toEqual(["models in /model", "each model's window", "prices"]);
});

describe("an address in the user's settings", () => {
  const userSettings = {
    env: { ANTHROPIC_BASE_URL: "https://elsewhere.example", ANTHROPIC_AUTH_TOKEN: "canary-other" },
  };
  test.each([
    ["1.0.56", "https://elsewhere.example", ["the token (your settings hold one)"]],
    ["2.0.77", null, ["the token (your settings hold one)"]],
    ["2.1.330", null, []],
  ] as const)("%s", (version, bypass, unset) => {
    const plan = planLaunch(launchOf(version, [], { client: { userSettings } }));
    expect([plan.bypass, plan.unset]).toEqual([bypass, [...unset]]);
    expect(JSON.stringify(plan)).not.toContain("canary");
  });

  test("is none if it is the proxy's", () => {
    const own = { env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:8080" } };
    expect(planLaunch(launchOf("1.0.56", [], { client: { userSettings: own } })).bypass).toBeNull();
  });
});

describe("the client's own login", () => {
  const proxy = { passesLogin: true, clientKey: "client-key-0123456789" };
  const env = {
    ANTHROPIC_API_KEY: "example",
    ANTHROPIC_CUSTOM_HEADERS: "x-a: b\nX-Claude-Proxy-Key: canary-old-0123456789\n",
    CLAUDE_CODE_USE_BEDROCK: "1",
  };

  test("is kept: the address is protected by settings, and the proxy's key has a header of its own", () => {
    const plan = planLaunch(launchOf("2.1.330", models, { proxy, client: { env } }));
    expect(plan.variables).toEqual([
      { name: "ANTHROPIC_BASE_URL", value: "http://127.0.0.1:8080", isSecret: false },
      { name: "CLAUDE_CODE_GATEWAY_HINT_HEADERS", value: "1", isSecret: false },
      {
        name: "ANTHROPIC_CUSTOM_HEADERS",
        value: "x-a: b\nx-claude-proxy-key: client-key-0123456789",
        isSecret: true,
      },
      { name: "CLAUDE_CODE_MAX_CONTEXT_TOKENS", value: "131072", isSecret: false },
      { name: "CLAUDE_CODE_USE_BEDROCK", value: null, isSecret: false },
    ]);
    expect(plan.settings).toMatchObject({ env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:8080" } });
    expect([plan.managedSettings, plan.unset]).toEqual([null, ["prices"]]);
    expect(plan.isPrivate).toBe(true);
  });
});

describe("headers in settings of the user or of a project would hide the proxy's key, which", () => {
  const proxy = { passesLogin: true, clientKey: "client-key-0123456789" };
  const env = { ANTHROPIC_CUSTOM_HEADERS: "x-a: b" };
  const userSettings = { env: { ANTHROPIC_CUSTOM_HEADERS: "x-mine: 1\n", OTHER: "o" } };
  const merged = "x-mine: 1\nx-claude-proxy-key: client-key-0123456789";

  test("stands behind them in settings that nobody else can read", () => {
    const plan = planLaunch(launchOf("2.1.330", models, { proxy, client: { env, userSettings } }));
    expect(plan.settings?.["env"]).toEqual({
      ANTHROPIC_BASE_URL: "http://127.0.0.1:8080",
      ANTHROPIC_CUSTOM_HEADERS: merged,
    });
    expect([plan.isPrivate, plan.unset]).toEqual([true, ["prices"]]);
    expect(valuesOf(plan.variables)).toMatchObject({ ANTHROPIC_CUSTOM_HEADERS: merged });
  });

  test("stands behind those of an argument, if that has some", () => {
    const givenSettings = { env: { ANTHROPIC_CUSTOM_HEADERS: "x-given: 1", A: "b" } };
    const plan = planLaunch(launchOf("2.1.330", [], { proxy, client: { env, userSettings, givenSettings } }));
    expect(plan.settings?.["env"]).toEqual({
      A: "b",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:8080",
      ANTHROPIC_CUSTOM_HEADERS: "x-given: 1\nx-claude-proxy-key: client-key-0123456789",
    });
  });

  test("an old version cannot be told", () => {
    const plan = planLaunch(launchOf("1.0.56", [], { proxy, client: { env, userSettings } }));
    expect([plan.isPrivate, plan.unset]).toEqual([
      false,
      ["the proxy's key (your settings hold headers of their own)"],
    ]);
  });

  test("is in settings also where the user's have none, as those of a project are not known", () => {
    const plan = planLaunch(launchOf("2.1.330", [], { proxy, client: { env } }));
    expect(plan.settings?.["env"]).toEqual({
      ANTHROPIC_BASE_URL: "http://127.0.0.1:8080",
      ANTHROPIC_CUSTOM_HEADERS: "x-a: b\nx-claude-proxy-key: client-key-0123456789",
    });
    expect(plan.isPrivate).toBe(true);
  });

  test("is nowhere if the proxy needs none, and all may read the settings", () => {
    const open = { passesLogin: true, clientKey: null };
    const plan = planLaunch(launchOf("2.1.330", [], { proxy: open, client: { env } }));
    expect(plan.settings?.["env"]).toEqual({ ANTHROPIC_BASE_URL: "http://127.0.0.1:8080" });
    expect(plan.isPrivate).toBe(false);
  });
});

describe("windows that the client takes for all ids alone", () => {
  const desk = modelOf("desk/one", { windowTokens: 65_536 });
  const small = ["opus", "haiku"] as const;
  const tiers = small.map((tier) => modelOf(`claude-${tier}`, { tier, windowTokens: 65_536 }));

  test("are those of the tiers, too, which are asked for by our ids", () => {
    const plan = planLaunch(launchOf("2.1.330", [...tiers, desk]));
    expect(valuesOf(plan.variables)).toMatchObject({
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: "65536",
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: "8192",
      ANTHROPIC_DEFAULT_OPUS_MODEL: "claude-opus",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "claude-haiku",
      // The client would begin with `claude-opus[1m]`.
      CLAUDE_CODE_DISABLE_1M_CONTEXT: "1",
    });
    expect(plan.unset).toEqual([]);
  });

  test("are told of the model that the user has set", () => {
    const large = modelOf("desk/two", { windowTokens: 200_000 });
    const contextTokens = (client: Parameters<typeof launchOf>[2]) =>
      valuesOf(planLaunch(launchOf("2.1.330", [large, desk, ...tiers], client)).variables)[
        "CLAUDE_CODE_MAX_CONTEXT_TOKENS"
      ];
    expect([
      contextTokens({}),
      contextTokens({ client: { env: { ANTHROPIC_MODEL: "desk/one[1m]" } } }),
      contextTokens({ client: { userSettings: { model: "haiku" } } }),
      contextTokens({
        client: { givenSettings: { model: "desk/one" }, userSettings: { model: "desk/two" } },
      }),
      contextTokens({ client: { userSettings: { model: "desk/one" } }, model: "desk/two" }),
    ]).toEqual(["200000", "65536", "65536", "65536", "200000"]);
  });

  test("are named where another one decides", () => {
    const large = modelOf("desk/two", { windowTokens: 200_000 });
    expect(planLaunch(launchOf("2.1.330", [large, desk])).unset).toEqual([
      "the small window of desk/one (65.5k), unless --model names it",
    ]);
  });

  test("have to have room for the client's own prompt", () => {
    const tiny = modelOf("desk/tiny", { windowTokens: 16_384 });
    const tier = modelOf("claude-opus", { tier: "opus", windowTokens: 16_384 });
    expect(planLaunch(launchOf("2.1.330", [tier, tiny], { model: "desk/tiny" })).unset).toEqual([
      "the window of desk/tiny (16.4k): its own prompt and tools take 20k of it",
    ]);
  });

  test("may be known to nobody but the user", () => {
    const unknown = modelOf("desk/dark");
    const unsetOf = (list: typeof models, client: Parameters<typeof launchOf>[2] = {}) =>
      planLaunch(launchOf("2.1.330", list, client)).unset;
    const how = "CLAUDE_CODE_AUTO_COMPACT_WINDOW sets it";
    expect(unsetOf([unknown])).toEqual([`the unknown window of desk/dark (it assumes 1.0M; ${how})`]);
    expect(unsetOf([unknown, glm])).toEqual([`the unknown window of desk/dark (it assumes 131k; ${how})`]);
    expect(unsetOf([unknown], { client: { env: { CLAUDE_CODE_MAX_CONTEXT_TOKENS: "50000" } } })).toEqual([]);
    const userSettings = { env: { CLAUDE_CODE_AUTO_COMPACT_WINDOW: "150000" } };
    expect(unsetOf([unknown], { client: { userSettings } })).toEqual([]);
  });
});

test("the key is a variable and no argument, and other keys are removed", () => {
  const env = { ANTHROPIC_API_KEY: "example", CLAUDE_CODE_USE_VERTEX: "1", CLAUDE_CODE_USE_FOUNDRY: "" };
  const plan = planLaunch(
    launchOf("2.1.330", models, { proxy: { clientKey: "client-key-0123456789" }, client: { env } }),
  );
  expect(plan.variables.filter(({ isSecret }) => isSecret)).toEqual([
    { name: "ANTHROPIC_AUTH_TOKEN", value: "client-key-0123456789", isSecret: true },
  ]);
  expect(plan.variables.filter(({ value }) => value === null).map(({ name }) => name)).toEqual([
    "ANTHROPIC_API_KEY",
    "CLAUDE_CODE_USE_VERTEX",
  ]);
  expect(JSON.stringify([plan.settings, plan.managedSettings])).not.toContain("0123456789");
});

test("limits and auto mode that the user has set stay", () => {
  const env = {
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: "50000",
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: "100",
    CLAUDE_CODE_AUTO_MODE_MODEL: "my/checker",
  };
  const plan = planLaunch(launchOf("2.1.330", [glm], { client: { env }, model: "router/z-ai/glm" }));
  expect(Object.keys(valuesOf(plan.variables)).toSorted()).toEqual([
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "CLAUDE_CODE_AUTO_MODE_SERVER",
    "CLAUDE_CODE_GATEWAY_HINT_HEADERS",
    "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST",
  ]);
});

test("a tier for which the user has a model of his own keeps its row", () => {
  const env = { ANTHROPIC_DEFAULT_OPUS_MODEL: "mine/one" };
  const { variables } = planLaunch(launchOf("2.1.330", models, { client: { env } }));
  expect(variables.filter(({ name }) => name.startsWith("ANTHROPIC_DEFAULT_OPUS"))).toEqual([]);
  expect(valuesOf(variables)).toMatchObject({ ANTHROPIC_DEFAULT_HAIKU_MODEL_NAME: "claude-haiku" });
});

test("the host is taken out of an HTTP proxy, beside those that are", () => {
  const env = { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: "intern.example" };
  const plan = planLaunch(launchOf("2.1.330", [], { client: { env } }));
  expect(valuesOf(plan.variables)).toMatchObject({ NO_PROXY: "127.0.0.1,intern.example" });
});

test("an old version, which knows no NO_PROXY, is given no HTTP proxy", () => {
  const env = { https_proxy: "http://proxy.example:3128", HTTP_PROXY: "" };
  const plan = planLaunch(launchOf("1.0.56", [], { client: { env } }));
  expect(valuesOf(plan.variables)).toMatchObject({ https_proxy: null });
  expect(plan.unset).toEqual(["your HTTP proxy (it would take the requests for this machine)"]);
  for (const version of ["2.0.77", null]) {
    const other = planLaunch(launchOf(version, [], { client: { env } }));
    expect(Object.keys(valuesOf(other.variables))).not.toContain("https_proxy");
    expect(other.unset).toEqual([]);
  }
});

test("the check of auto mode goes to the smallest tier there is, else to a model", () => {
  const checkModel = (list: typeof models) =>
    valuesOf(planLaunch(launchOf("2.1.330", list)).variables)["CLAUDE_CODE_AUTO_MODE_MODEL"];
  expect([checkModel([opus, glm]), checkModel([glm]), checkModel([])]).toEqual([
    "opus",
    "router/z-ai/glm",
    "haiku",
  ]);
});

test("the user's own rows and windows stay, those of his argument before those of his file", () => {
  const userSettings = {
    modelPicker: { options: [{ model: "mine/one", label: "Mine" }], replaceBuiltInOptions: true },
    modelSettings: { opus: { autoCompactWindow: 150_000 }, "mine/one": { effort: "low" } },
  };
  const plan = planLaunch(launchOf("2.1.330", models, { client: { userSettings } }));
  const row = {
    model: "router/z-ai/glm",
    label: "GLM",
    description: "router/z-ai/glm · 131k tokens · $0.6/$2.2 per Mtok",
  };
  expect(plan.settings).toEqual({
    modelPicker: { options: [{ model: "mine/one", label: "Mine" }, row], replaceBuiltInOptions: true },
    modelSettings: {
      opus: { autoCompactWindow: 150_000 },
      haiku: { autoCompactWindow: 200_000 },
      "router/z-ai/glm": { autoCompactWindow: 131_072 },
      "mine/one": { effort: "low" },
    },
  });

  const own = { model: "router/z-ai/glm", label: "My GLM" };
  const givenSettings = { theme: "dark", env: { A: "b" }, modelPicker: { options: [own] } };
  const second = planLaunch(launchOf("2.1.330", [glm], { client: { userSettings, givenSettings } }));
  expect(second.settings).toMatchObject({ theme: "dark", env: { A: "b" }, modelPicker: { options: [own] } });
});

test("nothing is given where nothing is known", () => {
  const plan = planLaunch(launchOf("2.1.330", [modelOf("claude-opus", { tier: "opus" })]));
  expect([plan.settings, plan.managedSettings, plan.unset]).toEqual([null, null, []]);
});

test("a hundred models have rows, and the others are counted", () => {
  const many = Array.from({ length: 120 }, (_, index) =>
    modelOf(`a/${index}`, {
      windowTokens: 200_000,
      price: { input: 1, output: 1, cacheRead: null, cacheWrite: null },
    }),
  );
  const plan = planLaunch(launchOf("2.1.330", many));
  expect(plan.settings).toMatchObject({ modelPicker: { options: { length: 100 } } });
  expect(plan.unset).toEqual(["20 of 120 models in /model"]);
});
