import { createHash } from "node:crypto";
import type { BundledPackage } from "./bundled-packages.ts";
import { repository } from "./repository.ts";

export interface SbomFacts {
  readonly version: string;
  /** Full id of the commit. */
  readonly commit: string;
  readonly time: Date;
  readonly bunVersion: string;
  readonly packages: readonly BundledPackage[];
}

/** A scope keeps its slash; everything else is percent-encoded. Source: the purl specification, type npm. */
function formatPackageUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** A UUID that the same contents give again (version 8: made by a rule of our own). */
function deriveUuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Builds the list of everything that is in the program. Format: CycloneDX 1.6.
 * @returns a JSON object; the same facts give the same one
 */
export function buildSbom({ version, commit, time, bunVersion, packages }: SbomFacts): object {
  const components = packages.map((one) => ({
    type: "library",
    "bom-ref": formatPackageUrl(one.name, one.version),
    name: one.name,
    version: one.version,
    scope: "required",
    hashes: [{ alg: "SHA-512", content: one.sha512 }],
    licenses: [{ expression: one.license }],
    purl: formatPackageUrl(one.name, one.version),
  }));
  const runtime = {
    type: "platform",
    "bom-ref": `pkg:github/oven-sh/bun@bun-v${bunVersion}`,
    name: "bun",
    version: bunVersion,
    licenses: [{ expression: "MIT" }],
    purl: `pkg:github/oven-sh/bun@bun-v${bunVersion}`,
  };
  const all = [...components, runtime];
  const ownReference = `pkg:github/claude-proxy/claude-proxy@v${version}`;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${deriveUuid(JSON.stringify([version, commit, all]))}`,
    version: 1,
    metadata: {
      timestamp: time.toISOString(),
      component: {
        type: "application",
        "bom-ref": ownReference,
        name: "claude-proxy",
        version,
        licenses: [{ expression: "MIT" }],
        purl: ownReference,
        externalReferences: [{ type: "vcs", url: `${repository}.git`, comment: commit }],
      },
    },
    components: all,
    dependencies: [{ ref: ownReference, dependsOn: all.map((one) => one["bom-ref"]) }],
  };
}
