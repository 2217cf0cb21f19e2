import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "../../../../src/json/json-value.ts";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { encodeEnvelope } from "../../../../src/translate/reasoning/encode-envelope.ts";
import { optionsOf, plan } from "./build.ts";

/**
 * Each folder holds what a client asks (`asked.json`), and for each upstream what is sent. A signature is written as the
 * reasoning item in it. `UPDATE_GOLDEN=1` writes what is sent anew; the difference is read like code.
 */
const root = join(import.meta.dir, "../../../fixtures/responses-requests");

/** What is sent to one upstream. */
interface Sent {
  profile: ProfileId;
  model: string;
  baseUrl?: string;
  dropped: string[];
  mended: string[];
  body: JsonObject;
}

const cases: [name: string, rules: string, upstreams: string[]][] = [
  ["text", "X1 21:instructions 21:output-limit 21:store", ["openai", "vllm"]],
  [
    "tool-session-turn-1",
    "X2 21:tools-effort 21:obfuscation 21.1:strict",
    ["openai", "xai", "ollama", "openrouter", "llamacpp"],
  ],
  [
    "tool-session-turn-2",
    "X4 22.1:order 22.2:files",
    ["openai", "azure-project", "xai", "vllm", "deepseek", "ollama"],
  ],
  ["tool-session-turn-3", "X5 22.4:place", ["openai", "deepseek"]],
  ["web-search", "X13 21.1:web-search", ["openai", "xai", "deepseek"]],
  ["parallel-calls", "X14 22.1:call", ["openai", "lmstudio"]],
];

test("every folder has its case, and every file its upstream", () => {
  const files = cases.flatMap(([name, , upstreams]) =>
    ["asked", ...upstreams].map((upstream) => `${name}/${upstream}.json`),
  );
  const found = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".json"),
  );
  expect(found.map((path) => path.replaceAll("\\", "/")).sort()).toEqual(files.sort());
});

test.each(
  cases.flatMap(([name, rules, upstreams]) => upstreams.map((upstream) => [rules, name, upstream] as const)),
)("[%s] %s to %s", (_, name, upstream) => {
  const path = join(root, name, `${upstream}.json`);
  const { body, dropped, mended, ...target }: Sent = JSON.parse(readFileSync(path, "utf8"));
  const asked: JsonObject = JSON.parse(readFileSync(join(root, name, "asked.json"), "utf8"));
  const built = plan(JSON.parse(JSON.stringify(asked), signFor(target)), target);
  const sent = { ...target, dropped: built.dropped, mended: built.mended, body: built.body };
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, `${JSON.stringify(sent, null, 2)}\n`);
  else expect(JSON.parse(JSON.stringify(sent))).toEqual({ ...target, dropped, mended, body });
});

/** Signs the reasoning of a history as this upstream's answers have been. */
function signFor(target: Pick<Sent, "profile" | "model" | "baseUrl">) {
  const { model, profile } = optionsOf(target);
  const { envelopeFamily: family } = profile.traits.reasoning;
  const sign = (item: JsonObject, visibleText: string) => {
    const details =
      family === "text"
        ? undefined
        : [{ type: "reasoning", id: item["id"], encrypted_content: item["blob"] }];
    return encodeEnvelope({ family, model, visibleText, details });
  };
  return (_key: string, value: unknown): unknown => {
    if (!isJsonObject(value)) return value;
    const { type, thinking, signature, data } = value;
    if (type === "thinking" && isJsonObject(signature)) {
      return { ...value, signature: sign(signature, String(thinking)) };
    }
    return type === "redacted_thinking" && isJsonObject(data) ? { ...value, data: sign(data, "") } : value;
  };
}
