import { buildFileSchema, schemaUrl } from "../../src/config/file/file-schema.ts";

/** Builds the JSON Schema of the configuration file, which editors fetch from the newest release. */
export function buildConfigSchema(): string {
  return `${JSON.stringify({ $id: schemaUrl, ...buildFileSchema() }, null, 2)}\n`;
}
