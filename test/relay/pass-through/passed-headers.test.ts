import { expect, test } from "bun:test";
import { addAnthropicVersion } from "../../../src/config/normalize-base-url.ts";
import { createPassing } from "../../../src/relay/pass-through/open-pass-through.ts";
import { buildPassedHeaders, type RequestHeaders } from "../../../src/relay/pass-through/passed-headers.ts";
import { buildAddress } from "../../../src/upstream/passing-client.ts";

function keyHeadersOf(key: string | null, given: Partial<RequestHeaders> = {}) {
  const headers = buildPassedHeaders({
    client: { pick: () => ({}) },
    settings: { headers: {}, passesClientKey: false },
    key,
    credential: null,
    takesApiKey: false,
    version: "1.2.3",
    ...given,
  });
  return { authorization: headers["authorization"] ?? null, apiKey: headers["x-api-key"] ?? null };
}

const none = { authorization: null, apiKey: null };

test("[30.1:key] our key goes where the upstream looks for it", () => {
  expect(keyHeadersOf("sk-1")).toEqual({ ...none, authorization: "Bearer sk-1" });
  expect(keyHeadersOf("sk-ant-api03-1", { takesApiKey: true })).toEqual({
    ...none,
    apiKey: "sk-ant-api03-1",
  });
  const token = "sk-ant-oat01-1";
  expect(keyHeadersOf(token, { takesApiKey: true })).toEqual({ ...none, authorization: `Bearer ${token}` });
  expect(keyHeadersOf(null)).toEqual(none);
});

test("the settings' own headers win", () => {
  const settings = { headers: { authorization: "Basic eA==" }, passesClientKey: false };
  expect(keyHeadersOf("k", { settings }).authorization).toBe("Basic eA==");
});

test.each([
  ["https://api.anthropic.com/v1", true],
  ["https://api.deepseek.com/anthropic", false],
  ["https://api.anthropic.com.evil.example/v1", false],
])("%s is Anthropic itself: %p", (baseUrl, isAnthropic) => {
  expect(createPassing({ baseUrl, version: "1" }).isAnthropic).toBe(isAnthropic);
});

test.each([
  ["https://api.anthropic.com", "https://api.anthropic.com/v1/messages?beta=true"],
  ["https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages?beta=true"],
  ["https://api.z.ai/api/anthropic", "https://api.z.ai/api/anthropic/v1/messages?beta=true"],
  ["https://gw/x/v1beta?tenant=7", "https://gw/x/v1beta/messages?tenant=7&beta=true"],
])("[30.1:address] requests to %s are posted to %s", (baseUrl, address) => {
  const { href } = buildAddress(addAnthropicVersion(baseUrl), "/messages?beta=true");
  expect(href).toBe(address);
});
