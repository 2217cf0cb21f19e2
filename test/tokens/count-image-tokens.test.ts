import { expect, test } from "bun:test";
import { countImageTokens } from "../../src/tokens/count-image-tokens.ts";
import { pngUrl } from "./png-url.ts";

test.each([
  [1000, 750, 1000],
  [750, 1, 64],
  [33, 21, 64],
  [1568, 765, 1600],
  [1092, 1092, 1590],
  [3136, 1000, 1046],
  [4000, 100, 82],
  [10_000, 10_000, 1600],
])("[7:image] an image of %d x %d pixels counts %d", (width, height, tokens) => {
  expect(countImageTokens(pngUrl(width, height), "anthropic/claude-sonnet-4.5")).toBe(tokens);
});

test.each([
  ["https://example.org/a.png"],
  ["data:image/svg+xml;utf8,<svg/>"],
  ["data:image/png;base64,"],
  [""],
  [undefined],
])("[7:image] an image of unknown size counts 1600: %s", (url) => {
  expect(countImageTokens(url, "gpt-4o")).toBe(1600);
});

/** The first column is charged with the text, 12 tokens: community.openai.com/t/1262691. */
test.each([
  ["gpt-4o-2024-11-20", 128, 64, 267 - 12],
  ["openai/gpt-4.1-2025-04-14", 128, 64, 267 - 12],
  ["gpt-4.5-preview-2025-02-27", 128, 64, 267 - 12],
  ["gpt-4o-mini-2024-07-18", 128, 64, 8512 - 12],
  ["o3-2025-04-16", 128, 64, 236 - 11],
  ["gpt-4.1", 2050, 513, 773 - 8],
  ["gpt-4.1", 2049, 513, 1453 - 8],
])("[7:tiles] tiles of %s, %d x %d: %d, as charged", (model, width, height, tokens) => {
  expect(countImageTokens(pngUrl(width, height), model)).toBe(tokens);
});

test("[7:tiles] models of patches are counted by area", () => {
  for (const model of ["gpt-4.1-mini", "gpt-4.1-nano", "o3-mini", "gpt-5.4"]) {
    expect(countImageTokens(pngUrl(1000, 750), model)).toBe(1000);
  }
});
