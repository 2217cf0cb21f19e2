import { getCurrentPlace } from "./current-place.ts";
import type { LoadConfigOptions } from "./load-config.ts";
import { locateConfigFolder, type Place, pathsOf } from "./locate-folders.ts";
import type { SharedRecordUrl } from "./record-place.ts";

/**
 * Where requests are recorded, from the same places as `loadConfig`; no other setting need be right. As long as no file
 * of settings speaks of the record, nothing more is loaded.
 * @throws ConfigError if `RECORD` is wrong, or a file is named that does not exist
 */
export async function loadRecordPlace(
  options: Pick<LoadConfigOptions, "configFile" | "envFile"> = {},
): Promise<"on" | "off" | SharedRecordUrl> {
  const place = getCurrentPlace();
  const text = place.env["RECORD"]?.trim() ?? "";
  if (text !== "") {
    const { readRecordPlace } = await import("./record-place.ts");
    const checked = readRecordPlace(text);
    if ("value" in checked) return checked.value;
  } else {
    const { configFile, envFile } = options;
    const named = [configFile, envFile].filter((path) => path !== undefined);
    const speak = await Promise.all([...named, ...listFiles(place)].map(mayNameRecord));
    if (!speak.includes(true)) return "on";
  }
  const { collectTexts, startLoading } = await import("./load-config.ts");
  const { findFileLayer } = await import("./load-config-with-file.ts");
  const { checkSetting } = await import("./config-schema.ts");
  const start = startLoading(options);
  const found = collectTexts(options, place.env, start.envFile, await findFileLayer(start));
  const checked = checkSetting("RECORD", found.RECORD?.text);
  if ("value" in checked) return checked.value ?? "on";
  const { ConfigError } = await import("./config-error.ts");
  const { describeProblem } = await import("./parse-settings.ts");
  throw new ConfigError([describeProblem("RECORD", checked.fault, found)], "");
}

/** The files in which settings may stand. */
function listFiles(place: Place): string[] {
  const paths = pathsOf(place.platform);
  const folder = locateConfigFolder(place);
  return [
    paths.join(folder, ".env"),
    paths.join(paths.dirname(process.execPath), ".env"),
    paths.join(folder, "config.yaml"),
    ...(place.env["CONFIG_FILE"] === undefined ? [] : [place.env["CONFIG_FILE"].trim()]),
  ];
}

/** A value of RECORD that is no word for on and off, or another file in which it may be. */
const otherRecord = /\brecord["']?\s*[:=]\s*["']?(?!(?:on|off|true|false|yes|no|1|0)\b)\S|\bconfig_file\b/i;

/** A larger file is no settings file, and none that ends if it is a device. */
const largestFileBytes = 1024 * 1024;

/** What cannot be read says nothing. The status line runs this every other second: no module of Node is loaded for it. */
async function mayNameRecord(path: string): Promise<boolean> {
  const file = Bun.file(path);
  if (file.size === 0 || file.size > largestFileBytes) return false;
  return otherRecord.test(await file.text().catch(() => ""));
}
