import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

const lockfile = z.object({ packages: z.record(z.string(), z.array(z.unknown())) });

/** A package whose code is in the program. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** The files with its licence, in full. */
  readonly licenseText: string;
  /** SHA-512 of the package as the registry serves it, in hex. */
  readonly sha512: string;
}

function readManifest(folder: string) {
  return manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

/** Digests of all packages by `name@version`, from the lockfile. */
function readDigests(root: string): Map<string, string> {
  const { packages } = lockfile.parse(Bun.JSONC.parse(readFileSync(join(root, "bun.lock"), "utf8")));
  return new Map(
    Object.values(packages).flatMap(([id, , , integrity]): [string, string][] =>
      typeof id === "string" && typeof integrity === "string" && integrity.startsWith("sha512-")
        ? [[id, Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex")]]
        : [],
    ),
  );
}

function readLicenseText(folder: string): string {
  return readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|copying|notice)(?:\.|-|$)/i.test(name))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8").trim().replaceAll("\r\n", "\n"))
    .join("\n\n");
}

/**
 * Lists the packages whose code is in the program, with their licences: the run-time dependencies and theirs.
 * @param root folder of the project, with everything installed
 * @throws Error for a package without a licence or a digest, because then nothing may be published
 */
export function listBundledPackages(root: string): BundledPackage[] {
  const digests = readDigests(root);
  const found = new Map<string, BundledPackage>();

  function add(name: string): void {
    const folder = join(root, "node_modules", name);
    const { version, license, dependencies } = readManifest(folder);
    const licenseText = readLicenseText(folder);
    const sha512 = digests.get(`${name}@${version}`);
    if (license === undefined || licenseText === "" || sha512 === undefined) {
      throw new Error(`${name} ${version} has no licence in its folder or no digest in bun.lock`);
    }
    found.set(name, { name, version, license, licenseText, sha512 });
    addAll(dependencies ?? {});
  }

  function addAll(dependencies: Readonly<Record<string, string>>): void {
    for (const name of Object.keys(dependencies)) {
      if (!found.has(name)) {
        add(name);
      }
    }
  }

  addAll(readManifest(root).dependencies ?? {});
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
