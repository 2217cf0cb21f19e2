import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type CommandTrial, listCommandTrials, type TrialScene } from "./command-trials.ts";
import type { CommandWay, Way } from "./way.ts";

/** A proxy that runs, and has answered one request. */
interface RunningProxy {
  /** Where it runs, a folder within the work folder. */
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly upstreamUrl: string;
  /** Of the request that it has answered. */
  readonly requestId: string;
}

/** Writes the files that flags name, into a folder of their own. */
function layScene(
  way: Way,
  folder: string,
  given: Pick<TrialScene, "requestId" | "upstreamUrl" | "projectUrl">,
): TrialScene {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return way.mapPath(join(folder, name));
  };
  const request = {
    model: "opus",
    max_tokens: 100,
    messages: [{ role: "user", content: "Hello, naïvely 🙂" }],
  };
  const { upstreamUrl } = given;
  return {
    ...given,
    requestFile: write("request.json", JSON.stringify(request)),
    configFile: write(
      "config.yaml",
      `upstreams:\n  local: { url: "${upstreamUrl}" }\nroutes:\n  default: local/big-model\n`,
    ),
    envFile: write(
      "service.env",
      `OPENAI_API_KEY=sk-upstream-key\nBASE_URL=${upstreamUrl}\nBIG_MODEL_NAME=big\nSMALL_MODEL_NAME=small\n`,
    ),
  };
}

/** What is wrong with a command; null if it does what it should. */
async function findFault(
  { command, flags, exitCode, words, knowsProxy }: CommandTrial,
  way: CommandWay,
  homes: { readonly beside: Home; readonly alone: Home },
): Promise<string | null> {
  const home = knowsProxy ? homes.beside : homes.alone;
  const ended = await way.run([...command.split(" "), ...flags], home.folder, home.env);
  if (ended.exitCode === exitCode && words.test(Bun.stripANSI(ended.output))) return null;
  return `${command}: exit code ${ended.exitCode} instead of ${exitCode}, or ${words} is not in:\n${ended.output}`;
}

interface Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs every command of the program once, some at a time, beside a proxy.
 * @returns how many there were, to end a sentence with; nothing where none is run
 * @throws Error that names every command that does not do what it should
 */
export async function runCommandTrials(way: Way, proxy: RunningProxy): Promise<string> {
  const { commands } = way;
  if (commands === null) return "";
  const folder = join(proxy.folder, "alone");
  mkdirSync(folder, { mode: 0o777 });
  const equipment = commands.equip(folder);
  const own = way.mapPath(folder);
  const homes = {
    beside: { folder: proxy.folder, env: { ...proxy.settings, ...equipment } },
    alone: { folder, env: { ...equipment, HOME: own, APPDATA: own, LOCALAPPDATA: own } },
  };
  const page = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response(null, { status: 302, headers: { location: "/releases/tag/v99.0.0" } }),
  });
  const { upstreamUrl, requestId } = proxy;
  const given = { upstreamUrl, requestId, projectUrl: `http://127.0.0.1:${page.port}` };
  const trials = listCommandTrials(layScene(way, folder, given));
  const waiting = trials.values();
  const faults: string[] = [];
  const work = async () => {
    for (const trial of waiting) {
      const fault = await findFault(trial, commands, homes);
      if (fault !== null) faults.push(fault);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  await page.stop(true);
  if (faults.length > 0) throw new Error(faults.join("\n\n"));
  return `, runs ${trials.length} commands`;
}
