import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BundledPackage } from "./bundled-packages.ts";

const rule = "-".repeat(80);

/** Bun's page about its licences, as text: without the front matter, and links as `name (address)`. */
function readBunNotice(root: string): string {
  return readFileSync(join(root, "node_modules/bun-types/docs/project/license.mdx"), "utf8")
    .replace(/^---\n[\s\S]*?\n---\n/, "")
    .replace(/\[`?([^\]`]+)`?\]\((\S+?)\)/g, "$1 ($2)")
    .replace(/ {2,}/g, " ")
    .replace(/-{4,}/g, "---")
    .trim();
}

/**
 * Builds the notices that have to go with the program: the licences of everything that is in it.
 * @param root folder of the project, with everything installed
 * @param bunVersion the version of Bun that is built in
 * @returns plain text
 */
export function buildNotices(packages: readonly BundledPackage[], root: string, bunVersion: string): string {
  const sections = packages.map(
    ({ name, version, license, licenseText }) => `${name} ${version} (${license})\n\n${licenseText}`,
  );
  return [
    "claude-proxy is licensed under the MIT licence, see LICENSE. The program holds the following other works.",
    ...sections,
    `Bun ${bunVersion}, the run-time the program is built with\n\n${readBunNotice(root)}`,
  ].join(`\n\n${rule}\n\n`);
}
