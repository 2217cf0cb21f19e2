import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const lines = z.array(z.string()).min(1);

/** A download: Scoop takes variables only in `autoupdate`. */
const downloadUrl = z.url({ protocol: /^https$/ }).regex(/^[^$]*$/);
const updateUrl = z.string().regex(/^https:\/\/[^\s]*\$version[^\s]*$/);

/**
 * What Scoop's JSON schema (`schema.json` of ScoopInstaller/Scoop) says of the members that our manifest has. Others
 * are refused here, because what Scoop does not know it refuses, too.
 */
export const scoopManifest = z.strictObject({
  version: z.string().regex(/^[\w.+-]+$/),
  description: z.string(),
  homepage: z.url(),
  license: z.string(),
  notes: lines,
  architecture: z.strictObject({
    "64bit": z.strictObject({ url: downloadUrl, hash: sha256 }),
    arm64: z.strictObject({ url: downloadUrl, hash: sha256 }),
  }),
  pre_install: lines,
  bin: z.string(),
  persist: z.string(),
  checkver: z.literal("github"),
  autoupdate: z.strictObject({
    architecture: z.strictObject({
      "64bit": z.strictObject({ url: updateUrl }),
      arm64: z.strictObject({ url: updateUrl }),
    }),
    hash: z.strictObject({ url: z.string().regex(/\$(?:base)?url/) }),
  }),
});
