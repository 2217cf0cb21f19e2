import type { SettingName } from "./config-schema.ts";

/** The settings that make the only upstream of the simple case; a file with upstreams has no use for them. */
export const simpleSettings = [
  "OPENAI_API_KEY",
  "BASE_URL",
  "BIG_MODEL_NAME",
  "MEDIUM_MODEL_NAME",
  "SMALL_MODEL_NAME",
  "UPSTREAM_PROFILE",
  "UPSTREAM_PROTOCOL",
] as const satisfies readonly SettingName[];
