import { expect, test } from "bun:test";
import { createLogger } from "../../src/logging/logger.ts";
import { genericProfile } from "../../src/profiles/generic-profile.ts";
import { createModelWarner } from "../../src/relay/model-warner.ts";
import type { Route } from "../../src/routing/route.ts";

test("[1.1:model-unknown] a client that names models without end is warned of the first hundred", () => {
  const lines: string[] = [];
  const writeConsole = (text: string) => void lines.push(...text.split("\n"));
  const logger = createLogger({ level: "INFO", logFilePath: null, secrets: [], writeConsole });
  const warn = createModelWarner(logger);
  const route: Route = {
    tier: "big",
    upstream: "upstream",
    model: "big-model",
    profile: genericProfile,
    protocolBasis: "default",
    isKnownModel: false,
  };
  for (let number = 1; number <= 150; number += 1) warn(`model-${number}`, route);
  expect(lines).toHaveLength(100);
  expect(lines.at(-1)).toContain("model-100");
});
