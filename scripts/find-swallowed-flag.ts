import { getSettingNote, settingNames } from "../src/config/config-schema.ts";

/**
 * `npm start --port 8081` hands the flag to npm, which puts it into the environment of the script, and at most its value to
 * the script.
 * @param env the script's environment
 * @param args what npm has handed on
 * @returns what to write instead; null when npm has kept nothing
 */
export function findSwallowedFlag(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): string | null {
  const flags = ["--env-file", ...settingNames.map((name) => getSettingNote(name).flag)];
  const kept = flags.flatMap((flag) => {
    const value = flag === null ? undefined : env[`npm_config_${flag.slice(2).replaceAll("-", "_")}`];
    return flag === null || value === undefined ? [] : [{ flag, value }];
  });
  if (kept.length === 0) return null;
  // npm takes a flag that it does not know for a switch, and hands on what follows; of several nobody knows whose it was.
  const [value, ...others] = args.filter((arg) => !arg.startsWith("-"));
  const isClear = kept.length === 1 && others.length === 0;
  const words = kept.map((given) => {
    const own = given.value === "true" ? (isClear ? value : undefined) : given.value;
    return `${given.flag} ${own ?? "…"}`;
  });
  return `npm has kept ${kept.map(({ flag }) => flag).join(" and ")} for itself. Run: npm start -- ${words.join(" ")}`;
}
