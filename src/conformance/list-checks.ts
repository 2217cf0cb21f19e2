import type { Check } from "./check.ts";
import { imageCheck, pdfCheck } from "./checks/file-checks.ts";
import { reasoningCheck } from "./checks/reasoning-check.ts";
import {
  stopCheck,
  structuredCheck,
  systemCheck,
  textCheck,
  usageCheck,
  windowCheck,
} from "./checks/text-checks.ts";
import {
  forcedCheck,
  longNameCheck,
  manyToolsCheck,
  parallelCheck,
  roundTripCheck,
  toolCheck,
} from "./checks/tool-checks.ts";

/** All checks, in the order in which they are told; one that needs others stands behind them. */
export const checks: readonly Check[] = [
  textCheck,
  usageCheck,
  toolCheck,
  parallelCheck,
  forcedCheck,
  roundTripCheck,
  reasoningCheck,
  stopCheck,
  imageCheck,
  pdfCheck,
  structuredCheck,
  longNameCheck,
  manyToolsCheck,
  systemCheck,
  windowCheck,
];
