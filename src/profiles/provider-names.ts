import type { ProfileId } from "./profile-ids.ts";

/** Families whose company has another name in OpenTelemetry's conventions for generative AI. */
const providerNames: ReadonlyMap<string, string> = new Map<ProfileId, string>([
  ["gemini", "gcp.gemini"],
  ["kimi", "moonshot_ai"],
  ["mistral", "mistral_ai"],
  ["xai", "x_ai"],
]);

/** The name of a family's company in traces (`gen_ai.provider.name`); the family's own id if the conventions have none. */
export function findProviderName(family: string): string {
  return providerNames.get(family) ?? family;
}
