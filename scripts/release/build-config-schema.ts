import { buildFileSchema } from "../../src/config/file/file-schema.ts";

/** Builds the JSON Schema of the configuration file, which editors fetch from the newest release. */
export function buildConfigSchema(): string {
  return `${JSON.stringify({ $id: configSchemaUrl, ...buildFileSchema() }, null, 2)}\n`;
}

/** Where the newest release has it. */
const configSchemaUrl =
  "https://github.com/claude-proxy/claude-proxy/releases/latest/download/config.schema.json";
