import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { isObject, type Json } from "../support/strict/json.ts";
import { type Model, type StrictUpstream, startStrictUpstream } from "../support/strict-upstream.ts";
import type { RecordedRequest, Upstream } from "../support/upstream.ts";
import { filesBefore } from "./agent-task.ts";
import { type ClientVersion, installClient } from "./install-client.ts";
import { type ClientRun, runClient } from "./run-client.ts";
import { type RunningBinary, startBinary } from "./start-binary.ts";

export interface Session<Behind extends Upstream = StrictUpstream> {
  /** Where the client works; holds the files of the task. */
  folder: string;
  upstream: Behind;
  proxy: RunningBinary;
  run(
    version: ClientVersion,
    prompt: string,
    changes?: {
      flags?: readonly string[];
      environment?: Readonly<Record<string, string>>;
      /** Where the client works; default the session's folder. */
      folder?: string;
    },
  ): Promise<ClientRun>;
  readFolder(): Promise<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SessionOptions {
  /** Path of the built program. */
  binary: string;
  /** Makes the model of the upstream; `folder` is where the client works. */
  createModel: (folder: string) => Model;
  /** Default: generic. */
  family?: ProfileId;
  /** The model's name at the upstream. */
  modelName?: string;
}

export interface OpenSessionOptions<Behind extends Upstream> {
  /** Path of the built program. */
  binary: string;
  /** Starts the upstream; `folder` is where the client works. */
  createUpstream: (folder: string) => Promise<Behind>;
  /** Settings of the program, besides its address. */
  settings: Readonly<Record<string, string>>;
}

/** A strict upstream, the built program in front of it and a folder to work in: `await using session = …`. */
export function startSession(options: SessionOptions): Promise<Session> {
  const { binary, createModel, family = "generic", modelName = "big-model" } = options;
  return openSession({
    binary,
    createUpstream: (folder) => startStrictUpstream(family, createModel(folder)),
    settings: { UPSTREAM_PROFILE: family, BIG_MODEL_NAME: modelName },
  });
}

/** The same with an upstream of any kind. */
export async function openSession<Behind extends Upstream>({
  binary,
  createUpstream,
  settings,
}: OpenSessionOptions<Behind>): Promise<Session<Behind>> {
  const folder = await mkdtemp(join(tmpdir(), "claude-work-"));
  for (const [name, text] of Object.entries(filesBefore)) await Bun.write(join(folder, name), text);
  const upstream = await createUpstream(folder);
  const proxy = await startBinary(binary, { BASE_URL: upstream.baseUrl, ...settings });
  return {
    folder,
    upstream,
    proxy,
    run: async (version, prompt, changes = {}) => {
      const {
        flags = ["--allowedTools", "Read,Write,Edit,Bash"],
        environment,
        folder: place = folder,
      } = changes;
      return runClient({
        command: await installClient(version),
        proxyUrl: proxy.url,
        folder: place,
        prompt,
        flags: ["--model", "sonnet", "--output-format", "json", ...flags],
        ...(environment === undefined ? {} : { environment }),
      });
    },
    readFolder: async () => {
      const names = (await readdir(folder)).toSorted();
      const texts = names.map(async (name) => [name, await Bun.file(join(folder, name)).text()] as const);
      return Object.fromEntries(await Promise.all(texts));
    },
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await upstream.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the client printed with `--output-format json`. */
export function readResult({ stdout, stderr }: ClientRun): Json {
  const result: unknown = JSON.parse(stdout);
  if (!isObject(result)) throw new Error(`no result: ${stdout}${stderr}`);
  return result;
}

/** Requests of the conversation have tools, those beside it have none. */
export function isMain({ body }: RecordedRequest): boolean {
  return isObject(body) && "tools" in body;
}

/** A member of each request's body. */
export function membersOf(requests: readonly RecordedRequest[], name: string): unknown[] {
  return requests.map(({ body }) => (isObject(body) ? body[name] : undefined));
}
