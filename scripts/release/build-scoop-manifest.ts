import { type Digests, findDigest } from "./build-formula.ts";
import { formatDownloadUrl, repository } from "./repository.ts";
import { findTarget, formatArchiveName } from "./targets.ts";

const architectures = { "64bit": "windows-x64", arm64: "windows-arm64" } as const;

/** Scoop puts the new version in for this one. */
const versionVariable = "$version";

function mapArchitectures<Value>(give: (targetName: string) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(architectures).map(([name, target]) => [name, give(target)]));
}

function formatUrl(targetName: string, version: string): string {
  return `${formatDownloadUrl(version)}/${formatArchiveName(findTarget(targetName), version)}`;
}

/**
 * Builds the Scoop manifest. Source: Scoop's wiki, "App Manifests". The `.env` beside the program outlives upgrades
 * (`persist`); Scoop takes a name that is not there for a folder, so the file is made first.
 * @returns the JSON object of `claude-proxy.json`
 */
export function buildScoopManifest(version: string, digests: Digests): object {
  return {
    version,
    description: "Run Claude Code with any OpenAI-compatible model",
    homepage: repository,
    license: "MIT",
    notes: [
      "Put your settings into the file .env in this folder:",
      "  notepad $dir\\.env",
      "To keep the proxy running in the background:",
      "  claude-proxy service install",
    ],
    architecture: mapArchitectures((target) => ({
      url: formatUrl(target, version),
      hash: findDigest(digests, formatArchiveName(findTarget(target), version)),
    })),
    pre_install: [
      `if (!(Test-Path "$persist_dir\\.env")) {`,
      `  Copy-Item "$dir\\.env.example" "$dir\\.env"`,
      "}",
    ],
    bin: "claude-proxy.exe",
    persist: ".env",
    checkver: "github",
    autoupdate: {
      architecture: mapArchitectures((target) => ({ url: formatUrl(target, versionVariable) })),
      hash: { url: "$baseurl/checksums.txt" },
    },
  };
}
