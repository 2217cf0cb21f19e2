import { expect, test } from "bun:test";
import { normalizeBaseUrl } from "../../src/config/normalize-base-url.ts";

test.each([
  ["https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"],
  ["https://openrouter.ai/api/v1///", "https://openrouter.ai/api/v1"],
  ["https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"],
  ["https://api.openai.com/v1/chat/completions/", "https://api.openai.com/v1"],
  ["https://api.openai.com/v1//chat/completions", "https://api.openai.com/v1"],
  ["https://api.openai.com/v1/v1", "https://api.openai.com/v1"],
  ["HTTP://LocalHost:11434/v1", "http://localhost:11434/v1"],
  ["http://[::1]:8000", "http://[::1]:8000"],
  ["https://host/v1beta/openai/", "https://host/v1beta/openai"],
  [
    "https://x.openai.azure.com/openai/v1/?api-version=preview",
    "https://x.openai.azure.com/openai/v1?api-version=preview",
  ],
])("[row 80] %s is used as %s", (text, baseUrl) => {
  expect(normalizeBaseUrl(text)).toEqual({ baseUrl });
});

test.each([
  ["openrouter.ai/api/v1", "is not a complete address: it must begin with https:// or http://"],
  ["localhost:11434", "is not a complete address: it must begin with https:// or http://"],
  ["https://", "is not a complete address: it must begin with https:// or http://"],
  ["ftp://host/v1", "must begin with https:// or http://, not with ftp://"],
  ["file:///etc/passwd", "must begin with https:// or http://, not with file://"],
  [
    "https://user:canary@host/v1",
    "must not contain a user name or password: put the key into OPENAI_API_KEY",
  ],
  ["https://user@host/v1", "must not contain a user name or password: put the key into OPENAI_API_KEY"],
  ["https://:canary@host/v1", "must not contain a user name or password: put the key into OPENAI_API_KEY"],
  ["https://host/v1#x", "must not have a fragment (#)"],
])("[row 80] %s is refused", (text, fault) => {
  expect(normalizeBaseUrl(text)).toEqual({ fault });
});
