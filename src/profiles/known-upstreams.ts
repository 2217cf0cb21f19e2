/** What is known of a company's own servers, to tell a newcomer what cannot work. */
export interface KnownUpstream {
  /** The host of its OpenAI-compatible API; its keys are of use there and at the hosts below it. */
  readonly host: string;
  /** Other hosts of the same company, each with what lies below it. */
  readonly otherHosts?: readonly string[];
  /** Each customer's server has a name of its own below the hosts, with the same paths. */
  readonly isPerCustomer?: boolean;
  /** Paths under which the wires lie there, the usual one first. */
  readonly paths: readonly string[];
  /** The path of Anthropic's API with its version, where that lies elsewhere. */
  readonly messagesPath?: string;
  /** Where the company's own API lies on the same host, which is neither of these wires. */
  readonly foreignPaths?: RegExp;
  /** How its keys begin, where no other company's do. */
  readonly keyPrefixes?: readonly string[];
  /** All of its keys begin with the first of those. */
  readonly hasNoOtherKeys?: boolean;
}

/** The host of Anthropic's own API. */
export const anthropicHost = "api.anthropic.com";

/** A key is looked up from the first on, so a longer prefix stands before a shorter one. */
const upstreams: readonly KnownUpstream[] = [
  { host: "openrouter.ai", paths: ["/api/v1"], keyPrefixes: ["sk-or-"], hasNoOtherKeys: true },
  { host: anthropicHost, paths: ["/v1"], keyPrefixes: ["sk-ant-"] },
  {
    host: "api.openai.com",
    paths: ["/v1"],
    keyPrefixes: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"],
  },
  {
    host: "openai.azure.com",
    otherHosts: ["cognitiveservices.azure.com", "services.ai.azure.com"],
    isPerCustomer: true,
    paths: ["/openai/v1", "/openai", "/models"],
  },
  { host: "api.groq.com", paths: ["/openai/v1"], keyPrefixes: ["gsk_"] },
  { host: "api.x.ai", paths: ["/v1"], keyPrefixes: ["xai-"] },
  {
    host: "generativelanguage.googleapis.com",
    paths: ["/v1beta/openai"],
    foreignPaths: /^\/v1(?:beta)?(?:\/models)?\/*$/,
    keyPrefixes: ["AIza"],
  },
  { host: "integrate.api.nvidia.com", paths: ["/v1"], keyPrefixes: ["nvapi-"] },
  { host: "router.huggingface.co", paths: ["/v1"], keyPrefixes: ["hf_"] },
  { host: "api.cerebras.ai", paths: ["/v1"], keyPrefixes: ["csk-"] },
  { host: "api.fireworks.ai", paths: ["/inference/v1"], keyPrefixes: ["fw_"] },
  { host: "api.together.xyz", otherHosts: ["api.together.ai"], paths: ["/v1"], keyPrefixes: ["tgp_v1_"] },
  { host: "api.perplexity.ai", paths: ["", "/v1"], keyPrefixes: ["pplx-"] },
  { host: "api.deepseek.com", paths: ["/v1", "", "/beta"], messagesPath: "/anthropic/v1" },
  { host: "api.mistral.ai", paths: ["/v1"] },
  {
    host: "api.moonshot.ai",
    otherHosts: ["api.moonshot.cn"],
    paths: ["/v1"],
    messagesPath: "/anthropic/v1",
  },
  { host: "api.kimi.com", paths: ["/coding/v1"], keyPrefixes: ["sk-kimi-"] },
  {
    host: "api.z.ai",
    otherHosts: ["open.bigmodel.cn"],
    paths: ["/api/paas/v4", "/api/coding/paas/v4"],
    messagesPath: "/api/anthropic/v1",
  },
  {
    host: "api.minimax.io",
    otherHosts: ["api.minimaxi.com"],
    paths: ["/v1"],
    messagesPath: "/anthropic/v1",
  },
  {
    host: "dashscope.aliyuncs.com",
    otherHosts: ["dashscope-intl.aliyuncs.com"],
    paths: ["/compatible-mode/v1"],
    messagesPath: "/apps/anthropic/v1",
  },
  { host: "ollama.com", paths: ["/v1"] },
];

const isAtOrBelow = (host: string, known: string) => host === known || host.endsWith(`.${known}`);

/** The company whose server this is; null for everybody else's. */
export function findKnownUpstream(host: string): KnownUpstream | null {
  return (
    upstreams.find((known) =>
      [known.host, ...(known.otherHosts ?? [])].some((name) => isAtOrBelow(host, name)),
    ) ?? null
  );
}

/** The company whose server lies at or below a domain; null if it is not known. */
export function findCompany(domain: string): KnownUpstream | null {
  return upstreams.find(({ host }) => isAtOrBelow(host, domain)) ?? null;
}

/** Whether this is a server of Anthropic itself, which alone has accounts that it bills for Claude. */
export function isAnthropic(baseUrl: string): boolean {
  return findKnownUpstream(new URL(baseUrl).hostname)?.host === anthropicHost;
}

/** Stands in the keys that OpenAI gave out before it had prefixes. */
const markOfOpenai = "T3BlbkFJ";

/**
 * The company that has given out this key, recognised by how the key begins.
 * @returns null for an unknown beginning; else the company, and the words that stand for the key in a message
 */
export function findKeyOwner(key: string): { owner: KnownUpstream; manner: string } | null {
  for (const owner of upstreams) {
    const prefix = owner.keyPrefixes?.find((start) => key.startsWith(start));
    if (prefix !== undefined) return { owner, manner: `begins with ${prefix}` };
  }
  const openai = findKnownUpstream("api.openai.com");
  return openai !== null && key.includes(markOfOpenai)
    ? { owner: openai, manner: `contains ${markOfOpenai}` }
    : null;
}

/** Whether this is a key that Anthropic has given out. */
export function isAnthropicKey(key: string): boolean {
  return findKeyOwner(key)?.owner.host === anthropicHost;
}

/** The same for a host whose paths are known: below it there may be servers with others, such as that of a plan. */
export function findKnownServer(host: string): KnownUpstream | null {
  const known = findKnownUpstream(host);
  if (known === null) return null;
  const isKnown = known.isPerCustomer === true || [known.host, ...(known.otherHosts ?? [])].includes(host);
  return isKnown ? known : null;
}

/** The whole base URL of a company's server. */
export function usualBaseUrl({ host, paths }: KnownUpstream): string {
  return `https://${host}${paths[0] ?? ""}`;
}

/** The base URL, for all deployments and without a version of its own, of the Azure server at an address; null for others. */
export function findAzureUrl(address: string): string | null {
  const url = URL.parse(address);
  const isAzure = url?.protocol === "https:" && url.hostname.endsWith(".azure.com");
  return isAzure ? `${url.origin}/openai/v1` : null;
}
