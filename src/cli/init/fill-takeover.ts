import { parseYaml } from "../../config/file/parse-yaml.ts";
import { parseEnvFile } from "../../config/parse-env-file.ts";
import { isJsonObject } from "../../json/json-value.ts";
import type { TakenKey, Takeover } from "../../takeover/takeover.ts";
import { CommandError } from "../command-error.ts";
import { describeKeyFault } from "./choose-key.ts";
import type { ChoosingParts, ChosenSetup } from "./choose-setup.ts";

/**
 * Sees that each variable of a set-up has a value: a person is asked for the keys that are nowhere.
 * @throws CommandError if there is nothing to set up, or a variable that nobody can be asked for
 */
export async function fillTakeover(chosen: ChosenSetup, parts: ChoosingParts): Promise<ChosenSetup> {
  const { setup, from } = chosen;
  if (setup.upstreams.length === 0) {
    const reasons = setup.left.map(({ what, why }) => `  - ${what}: ${why}`);
    throw new CommandError(
      [`${from?.path} names no upstream that can be taken over.`, ...reasons].join("\n"),
      2,
    );
  }
  const { envText } = parts.files;
  const inFile = new Map(Object.entries(envText === null ? {} : parseEnvFile(envText).values));
  const inEnvironment = new Map(Object.entries(parts.place.env));
  const isSet = (name: string) => ((inEnvironment.get(name) || inFile.get(name)) ?? "").trim() !== "";
  const fill = async (key: TakenKey): Promise<TakenKey> => {
    if (!("variable" in key) || isSet(key.variable)) return key;
    if (parts.prompts === null) {
      throw new CommandError(
        `${key.variable} is not set, neither in the environment nor in the .env file. Set it, and run this again.`,
        2,
      );
    }
    return {
      secret: await parts.prompts.askSecret(`${key.variable} is not set. Its value`, describeKeyFault),
    };
  };
  const upstreams: Takeover["upstreams"][number][] = [];
  for (const upstream of setup.upstreams) {
    const keys: TakenKey[] = [];
    for (const key of upstream.keys) keys.push(await fill(key));
    upstreams.push({ ...upstream, keys });
  }
  return { ...chosen, setup: { ...setup, upstreams } };
}

/**
 * The addresses of the upstreams of a configuration file by name; null for the usual one.
 * @throws CommandError if the file cannot be changed, because it is no YAML or has no keys
 */
export function listExistingUpstreams(text: string | null): ReadonlyMap<string, string | null> {
  const file = parseYaml(text ?? "");
  const hasFaults = file.syntaxFaults.length + file.faults.length > 0;
  if (hasFaults || !(isJsonObject(file.data) || file.data === null)) {
    throw new CommandError(
      "config.yaml has faults, so it is not changed. They are told by: claude-proxy config check",
      2,
    );
  }
  const upstreams = isJsonObject(file.data) ? file.data["upstreams"] : null;
  if (!isJsonObject(upstreams)) return new Map();
  return new Map(
    Object.entries(upstreams).map(([name, upstream]) => {
      const url = isJsonObject(upstream) ? upstream["url"] : null;
      return [name, typeof url === "string" ? url : null] as const;
    }),
  );
}
