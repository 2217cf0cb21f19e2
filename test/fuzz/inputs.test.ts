import { expect } from "bun:test";
import fc from "fast-check";
import { z } from "zod";
import { ApiError } from "../../src/anthropic/api-error.ts";
import { checkMessagesRequest } from "../../src/anthropic/check-request.ts";
import { messagesRequestSchema } from "../../src/anthropic/messages-request.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { getSettingNote, settingNames } from "../../src/config/config-schema.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { parseEnvFile } from "../../src/config/parse-env-file.ts";
import { escapeControlCharacters } from "../../src/logging/escape-control-characters.ts";
import { createTextRedactor } from "../../src/logging/redact-text.ts";
import { parseRequest } from "../../src/server/parse-request.ts";
import { decodeEnvelope } from "../../src/translate/reasoning/decode-envelope.ts";
import { encodeEnvelope } from "../../src/translate/reasoning/encode-envelope.ts";
import { envelopeFamilies } from "../../src/translate/reasoning/reasoning-envelope.ts";
import { naughtyTexts } from "../faults/naughty-texts.ts";
import { history } from "../protocols/chat/request/arbitrary-history.ts";
import { plan } from "../protocols/chat/request/build.ts";
import { plan as planResponses } from "../protocols/responses/request/build.ts";
import { findShapeFaults } from "../protocols/responses/request/find-shape-faults.ts";
import { findReasonFaults } from "../support/find-reason-faults.ts";
import { property } from "./property.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(...naughtyTexts.filter(({ length }) => length < 500)),
);
const json = fc.jsonValue({ maxDepth: 3 });

/** What the function returns, or the error of the one class that it may throw. */
async function tried<Value, Fault extends Error>(
  run: () => Value | Promise<Value>,
  fault: abstract new (...args: never[]) => Fault,
): Promise<Value | Fault> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof fault) return error;
    throw error;
  }
}

const tool = fc.record(
  {
    name: fc.oneof(text, fc.constantFrom("Read", "a b")),
    description: text,
    input_schema: fc.oneof(json, fc.constant({ type: "object" })),
  },
  { requiredKeys: ["name"] },
);
const request = fc.record(
  {
    model: fc.oneof(text, json),
    max_tokens: fc.oneof(fc.integer(), json),
    messages: fc.oneof({ weight: 5, arbitrary: history }, json),
    system: fc.oneof(text, json),
    tools: fc.oneof({ weight: 4, arbitrary: fc.array(tool, { maxLength: 3 }) }, json),
    tool_choice: fc.oneof(
      fc.constantFrom(
        { type: "any" },
        { type: "tool", name: "Read" },
        { type: "auto", disable_parallel_tool_use: true },
      ),
      json,
    ),
    thinking: fc.oneof(
      fc.constantFrom({ type: "enabled", budget_tokens: 1024 }, { type: "adaptive" }, { type: "disabled" }),
      json,
    ),
    stop_sequences: fc.oneof(fc.array(text, { maxLength: 3 }), json),
    temperature: fc.oneof(fc.double(), json),
    metadata: json,
    output_config: json,
    context_management: json,
  },
  { requiredKeys: [] },
);

const dialects = z.enum(["generic", "openrouter", "openai", "gemini", "kimi", "mistral", "groq", "deepseek"]);

const nameOfField = new RegExp(
  `^(?:${["body", ...Object.keys(messagesRequestSchema.shape)].join("|")})(?:\\.|: )`,
);

/** Expects what a client can use: the field at fault, in the words of the real API, and nothing of our insides. */
function expectReason(message: string): void {
  expect(findReasonFaults(message)).toEqual([]);
  expect(message).toMatch(nameOfField);
}

property({
  name: "any request is built for either wire or refused with a reason, whatever the upstream's dialect",
  area: "requests",
  cases: fc.tuple(request, fc.constantFrom(...dialects.options)),
  shape: z.tuple([z.record(z.string(), z.unknown()), dialects]),
  check: async ([fields, profile]) => {
    const built = await tried(async () => {
      const body = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hi" }], ...fields };
      const parsed = await parseRequest(Buffer.from(JSON.stringify(body)), checkMessagesRequest, () => {});
      return {
        chat: plan(parsed, { profile }).chatRequest,
        responses: planResponses(parsed, { profile }).body,
      };
    }, ApiError);
    if (built instanceof ApiError) {
      expect([built.status, built.type]).toEqual([400, "invalid_request_error"]);
      expectReason(built.message);
      return;
    }
    expect(JSON.parse(JSON.stringify(built.chat))).toHaveProperty("messages");
    expect(findShapeFaults(JSON.parse(JSON.stringify(built.responses)), profile)).toEqual([]);
  },
});

property({
  name: "any bytes are parsed or refused with a reason",
  area: "request-bytes",
  cases: fc.uint8Array({ maxLength: 60 }),
  shape: z.instanceof(Uint8Array),
  check: async (bytes) => {
    const parsed = await tried(() => parseRequest(bytes, checkMessagesRequest, () => {}), ApiError);
    if (!(parsed instanceof ApiError)) throw new Error("no 60 bytes are a request");
    expect([parsed.status, parsed.type]).toEqual([400, "invalid_request_error"]);
    expectReason(parsed.message);
  },
});

const line = fc.oneof(
  fc.constantFrom("", "#c", "export A=1", "A='x", 'B="y"', "C=`z\n`", "=", "D", "PORT=1", "\ufeff", "\r"),
  text,
  fc.tuple(fc.constantFrom(...settingNames), text).map(([name, value]) => `${name}=${value}`),
);

property({
  name: "any settings file is read, and says the same twice",
  area: "settings-files",
  cases: fc.array(line, { maxLength: 8 }),
  shape: z.array(z.string()),
  check: (lines) => {
    const file = lines.join("\n");
    const parsed = parseEnvFile(file);
    expect(parseEnvFile(file)).toEqual(parsed);
    for (const { line: number } of parsed.faults)
      expect(number).toBeWithin(1, file.split(/\r\n|\r|\n/).length + 1);
  },
});

const setting = fc.oneof(
  text,
  fc.constantFrom("", "0", "8080", "http://localhost:1/v1", "https://x.test", "::1", "DEBUG", "~/x"),
);

const canary = "canary-1f3870be274f6c49";
/** Settings that may hold a key. */
const secretSettings: readonly string[] = settingNames.filter((name) => !getSettingNote(name).mayBeShown);
/** Whether it is not a line of a setting's name, perhaps its value, what is wrong, and what to do. */
function isNoProblem(line: string): boolean {
  const [, name, fault = ""] = /^([A-Z_]+)(?:="[^\n]*")? ([a-z][^\n]{5,})$/.exec(line) ?? [];
  return !settingNames.some((known) => known === name) || !/\.$| Example: [A-Z_]+=\S+$/.test(fault);
}

property({
  name: "any settings are loaded or refused in lines that a person can read",
  area: "settings",
  cases: fc.record(Object.fromEntries(settingNames.map((name) => [name, setting])), { requiredKeys: [] }),
  shape: z.record(z.string(), z.string()),
  check: async (given) => {
    const withCanary = (name: string, value: string) =>
      secretSettings.includes(name) && value !== "" ? `${value}?${canary}` : value;
    const env = Object.fromEntries(
      Object.entries(given).map(([name, value = ""]) => [name, withCanary(name, value)]),
    );
    const loaded = await tried(
      () => loadConfig({ env, homeDir: "/nonexistent/home", executablePath: "/nonexistent/bin/x" }),
      ConfigError,
    );
    if (loaded instanceof ConfigError) {
      const { message, problems } = loaded;
      const hasKey = message.includes(canary);
      expect([
        ...message.split("\n").flatMap(findReasonFaults),
        ...problems.filter(isNoProblem),
        hasKey,
      ]).toEqual([false]);
      expect(problems.length).toBeGreaterThan(0);
    } else expect(Object.isFrozen(loaded.config)).toBe(true);
  },
});

const families = Object.values(envelopeFamilies);
const envelope = fc.record(
  {
    family: fc.constantFrom(...families),
    model: text,
    visibleText: text,
    hiddenText: text,
    details: fc.array(fc.dictionary(fc.string({ maxLength: 5 }), fc.oneof(text, fc.integer())), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ["family", "model", "visibleText"] },
);

const envelopeShape = z.object({
  family: z.enum(envelopeFamilies),
  model: z.string(),
  visibleText: z.string(),
  hiddenText: z.string().optional(),
  details: z.array(z.record(z.string(), z.unknown())).optional(),
});

property({
  name: "any envelope comes back, and none that was changed passes for another's text",
  area: "envelopes",
  cases: envelope,
  shape: envelopeShape,
  check: (content) => {
    const encoded = encodeEnvelope(content);
    const decoded = decodeEnvelope(encoded);
    expect([decoded?.family, decoded?.model, decoded?.text]).toEqual([
      content.family,
      content.model,
      content.hiddenText,
    ]);
  },
});

property({
  name: "a broken envelope is none or another, and never an error",
  area: "broken-envelopes",
  cases: fc.tuple(envelope, fc.nat(), fc.string({ maxLength: 3 })),
  shape: z.tuple([envelopeShape, z.number(), z.string()]),
  check: ([content, place, patch]) => {
    const encoded = encodeEnvelope(content);
    const at = place % encoded.length;
    for (const broken of [
      encoded.slice(0, at),
      encoded.slice(0, at) + patch + encoded.slice(at + 1),
      patch,
    ]) {
      const decoded = decodeEnvelope(broken);
      expect(decoded === null || typeof decoded.model === "string").toBe(true);
    }
  },
});

const secret = "sk-canary-0123456789abcdef";
const redact = createTextRedactor([secret]);
property({
  name: "any text with a key in it is logged without the key, on one line",
  area: "log-lines",
  cases: fc.tuple(text, text),
  shape: z.tuple([z.string(), z.string()]),
  check: ([before, after]) => {
    const logged = escapeControlCharacters(
      redact(JSON.stringify({ text: before + secret + after, again: JSON.stringify(secret) })),
    );
    expect(logged).not.toContain(secret);
    expect(/\p{Cc}/u.test(logged)).toBe(false);
  },
});
