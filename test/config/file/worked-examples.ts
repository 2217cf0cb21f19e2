/** The worked examples of the configuration file, by what they are for. */
export const workedExamples = {
  "OpenRouter only": `upstreams:
  openrouter: { key: "\${OPENROUTER_API_KEY}" }
routes:
  default: openrouter/z-ai/glm-5.3
  haiku: openrouter/openai/gpt-5-mini
`,
  "cheap first": `upstreams:
  deepseek: { keys: ["\${DEEPSEEK_A}", "\${DEEPSEEK_B}"] }
  openrouter: { key: "\${OPENROUTER_API_KEY}" }
routes:
  default: [deepseek/deepseek-v4-pro, openrouter/deepseek/deepseek-v4-pro]
  haiku: [deepseek/deepseek-v4-flash, openrouter/openai/gpt-5-mini]
cases:
  - { when: { images: true }, to: openrouter/google/gemini-3-pro }
`,
  "the desk and the cloud": `upstreams:
  desk: { url: http://localhost:11434/v1, profile: ollama }
  glm: { key: "\${file:~/.secrets/glm}" }
models:
  desk/qwen3-coder:30b: { window: 65536, images: false }
routes:
  default: desk/qwen3-coder:30b
cases:
  - { when: { tokens: 55000 }, to: glm/glm-5.3 }
`,
  "my own plan": `upstreams:
  anthropic: { key: client }
  openrouter: { key: "\${OPENROUTER_API_KEY}" }
routes:
  default: anthropic/*
cases:
  - { when: { agent: true }, to: openrouter/moonshotai/kimi-k3 }
`,
  "a team": `server: { host: 0.0.0.0, record: "\${RECORD_URL}" }
clients:
  web-team: { key: "\${file:~/run/web-team}", usd_per_day: 20 }
  ci:       { key: "\${file:~/run/ci}",       usd_per_day: 50, models: ["azure/*"] }
upstreams:
  azure: { url: "https://acme.openai.azure.com/openai/v1?api-version=preview", protocol: responses, key: "\${AZURE_KEY}" }
  vllm: { url: http://gpu1:8000/v1, profile: vllm }
routes:
  default: [azure/gpt-5.6, vllm/glm-5.3]
  haiku: vllm/glm-5.3
`,
} as const;

/** What the examples name, none of it a real key. */
export const exampleEnv = {
  OPENROUTER_API_KEY: "sk-or-v1-canary-openrouter-0001",
  DEEPSEEK_A: "canary-deepseek-a-000000000001",
  DEEPSEEK_B: "canary-deepseek-b-000000000002",
  AZURE_KEY: "canary-azure-0000000000000003",
  RECORD_URL: "postgres://u:canary-record-0004@db/records",
};

/** The files that the examples read, below the home folder. */
export const exampleFiles = {
  ".secrets/glm": "canary-glm-file-00000000000005\n",
  "run/web-team": "canary-web-team-0000000000006\n",
  "run/ci": "canary-ci-client-00000000000007\n",
};
