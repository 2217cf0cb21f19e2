import { expect, test } from "bun:test";
import { buildPassedHeaders, type RequestHeaders } from "../../../src/relay/pass-through/passed-headers.ts";
import { buildAddress } from "../../../src/upstream/passing-client.ts";

function keyHeadersOf(baseUrl: string, key: string | null, given: Partial<RequestHeaders> = {}) {
  const settings = { baseUrl, headers: {}, passesClientKey: false };
  const headers = buildPassedHeaders({
    client: new Headers(),
    settings,
    key,
    credential: null,
    takesApiKey: false,
    version: "1.2.3",
    ...given,
  });
  return { authorization: headers.get("authorization"), apiKey: headers.get("x-api-key") };
}

const none = { authorization: null, apiKey: null };

test("our key goes where the upstream looks for it", () => {
  const anthropic = "https://api.anthropic.com/v1";
  expect(keyHeadersOf(anthropic, "sk-ant-api03-1")).toEqual({ ...none, apiKey: "sk-ant-api03-1" });
  expect(keyHeadersOf(anthropic, "sk-ant-oat01-1")).toEqual({
    ...none,
    authorization: "Bearer sk-ant-oat01-1",
  });
  expect(keyHeadersOf("https://api.deepseek.com/anthropic", "sk-1")).toEqual({
    ...none,
    authorization: "Bearer sk-1",
  });
  const azure = "https://acme.services.ai.azure.com/anthropic";
  expect(keyHeadersOf(azure, "k", { takesApiKey: true })).toEqual({ ...none, apiKey: "k" });
  expect(keyHeadersOf("http://localhost:1234", null)).toEqual(none);
});

test("the settings' own headers win", () => {
  const settings = { baseUrl: "http://gw", headers: { authorization: "Basic eA==" }, passesClientKey: false };
  expect(keyHeadersOf("", "k", { settings }).authorization).toBe("Basic eA==");
});

test.each([
  ["https://api.anthropic.com", "https://api.anthropic.com/v1/messages?beta=true"],
  ["https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages?beta=true"],
  ["https://api.z.ai/api/anthropic", "https://api.z.ai/api/anthropic/v1/messages?beta=true"],
  ["https://gw/x/v1beta?tenant=7", "https://gw/x/v1beta/messages?tenant=7&beta=true"],
])("requests to %s are posted to %s", (baseUrl, address) => {
  expect(buildAddress(baseUrl, { path: "/messages", query: "?beta=true" }).href).toBe(address);
});
