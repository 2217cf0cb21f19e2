import { tmpdir } from "node:os";
import { join } from "node:path";
import { createQuirkMemory } from "../../src/learned/quirk-memory.ts";
import { createLogger } from "../../src/logging/logger.ts";
import { createRouteSelector } from "../../src/routing/select-route.ts";
import { createAdmission } from "../../src/server/admission.ts";
import { createApp } from "../../src/server/app.ts";
import { defaultStreamPace } from "../../src/server/event-stream-response.ts";
import { randomId } from "../../src/server/random-id.ts";
import { defaultUploadLimits } from "../../src/server/upload-limits.ts";
import { createTokenCounter } from "../../src/tokens/create-token-counter.ts";
import { runNow } from "../../src/turns/turns.ts";
import { createUpstreamClient } from "../../src/upstream/upstream-client.ts";
import { createConfig } from "./stage.ts";

/** A configured model, for what a path leaves open. */
const example = "big-model";

/** A method and path of every route of the server, as a request can ask for it; asked of the app, so none is forgotten. */
export function listRoutes(): { method: string; path: string }[] {
  const config = createConfig("http://127.0.0.1:9/v1", join(tmpdir(), "never-written"));
  const app = createApp({
    config,
    upstream: createUpstreamClient({
      baseUrl: config.baseUrl,
      apiKey: config.openaiApiKey,
      refererUrl: config.refererUrl,
      appName: config.appName,
      version: "0.0.0-test",
      limits: {},
      isLocal: true,
    }),
    selectRoute: createRouteSelector(config),
    tokens: createTokenCounter({ calibrationFilePath: null, upstreamHost: "127.0.0.1:9", warn: () => {} }),
    quirks: createQuirkMemory({ nowMs: () => 0 }),
    logger: createLogger({ level: "ERROR", logFilePath: null, secrets: [], writeConsole: () => {} }),
    history: { requests: 0, failures: 0, lastFailure: null },
    version: "0.0.0-test",
    pace: defaultStreamPace,
    uploads: defaultUploadLimits,
    lingerMs: 0,
    hosts: new Set(),
    admission: createAdmission(1),
    running: new Set(),
    takeTurn: runNow,
    now: () => new Date(0),
    newId: randomId,
  });
  const asked = app.routes
    .filter(({ path }) => path !== "/*")
    // What is left of every method at a path tells which ones it takes.
    .map(({ method, path }) => ({
      method: method === "ALL" ? "PUT" : method,
      path: path.replace(/:\w+(\{.*?\})?/, example),
    }));
  return [...new Map(asked.map((route) => [`${route.method} ${route.path}`, route])).values()];
}
