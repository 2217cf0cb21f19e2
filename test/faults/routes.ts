import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../src/logging/logger.ts";
import { composeApp, createParts } from "../support/compose-app.ts";
import { createConfig } from "./stage.ts";

/** A configured model, for what a path leaves open. */
const example = "big-model";

/** A method and path of every route of the server, as a request can ask for it; asked of the app, so none is forgotten. */
export function listRoutes(): { method: string; path: string }[] {
  const config = createConfig("http://127.0.0.1:9/v1", join(tmpdir(), "never-written"));
  const logger = createLogger({ level: "ERROR", logFilePath: null, secrets: [], writeConsole: () => {} });
  const app = composeApp(createParts({ config, logger }));
  const asked = app.routes
    .filter(({ path }) => !path.endsWith("/*"))
    // What is left of every method at a path tells which ones it takes.
    .map(({ method, path }) => ({
      method: method === "ALL" ? "PUT" : method,
      path: path.replace(/:\w+(\{.*?\})?/, example),
    }));
  return [...new Map(asked.map((route) => [`${route.method} ${route.path}`, route])).values()];
}
