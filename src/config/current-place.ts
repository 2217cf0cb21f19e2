import { findHomeDir } from "./find-home-dir.ts";
import type { Place } from "./locate-folders.ts";

/** This machine, this user and this environment. */
export function getCurrentPlace(): Place {
  return { platform: process.platform, homeDir: findHomeDir(), env: process.env };
}
