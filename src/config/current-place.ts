import { homedir } from "node:os";
import type { Place } from "./locate-folders.ts";

/** This machine, this user and this environment. */
export function getCurrentPlace(): Place {
  return { platform: process.platform, homeDir: homedir(), env: process.env };
}
