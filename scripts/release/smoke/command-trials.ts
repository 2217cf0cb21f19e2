/** One command as it is tried in every built program. */
export interface CommandTrial {
  /** Its words, without flags. */
  readonly command: string;
  readonly flags: readonly string[];
  readonly exitCode: number;
  /** Found in what it writes. */
  readonly words: RegExp;
  /** Whether it finds the settings of the running proxy; otherwise it is in a home without any. */
  readonly knowsProxy: boolean;
}

/** What the flags of trials name. */
export interface TrialScene {
  /** A messages request. */
  readonly requestFile: string;
  /** A configuration file. */
  readonly configFile: string;
  /** Settings of a service. */
  readonly envFile: string;
  /** A request that is in the record. */
  readonly requestId: string;
  /** An upstream that lists `big-model`. */
  readonly upstreamUrl: string;
  /** A page of the project whose newest release is 99.0.0. */
  readonly projectUrl: string;
}

const notInstalled = /The service is not installed/;

/**
 * Every command of the program, with what it says beside a proxy that has answered one request. A test compares the list
 * with the commands that there are.
 */
export function listCommandTrials(scene: TrialScene): CommandTrial[] {
  const { requestId, requestFile, configFile, envFile, upstreamUrl, projectUrl } = scene;
  const config = ["--config", configFile];
  const create =
    (knowsProxy: boolean) =>
    (command: string, flags: readonly string[], exitCode: number, words: RegExp): CommandTrial => ({
      command,
      flags,
      exitCode,
      words,
      knowsProxy,
    });
  const beside = create(true);
  const alone = create(false);
  return [
    alone("serve", ["--port", "-1"], 2, /PORT="-1" must be a whole number/),
    alone(
      "init",
      ["--yes", "--no-try", "--upstream", upstreamUrl, "--big-model", "big-model"],
      0,
      /big-model/,
    ),
    beside("run", ["--", "-p", "hello"], 0, /claude got http:\/\/127\.0\.0\.1:\d+ .*hello/),
    beside("env", ["bash"], 0, /export ANTHROPIC_BASE_URL=/),
    alone("demo", ["--once", "--port", "0"], 0, /message_stop/),
    beside("config show", [], 0, /big-model/),
    alone("config edit", config, 0, /Nothing was changed/),
    alone("config check", config, 0, /ok/),
    alone("config schema", [], 0, /"title": "config\.yaml of claude-proxy"/),
    alone("count", [requestFile], 0, /^\d+ tokens in a chat request/m),
    beside("route", [requestFile], 0, /big-model/),
    alone("translate", [requestFile, "--model", "some-model"], 0, /"model": "some-model"/),
    beside("models", [], 0, /big-model/),
    beside("status", [], 0, /big-model/),
    beside("doctor", ["--setup-only"], 0, /Set-up/),
    beside("dashboard", ["--no-open"], 0, /http:\/\/127\.0\.0\.1:\d+\/dashboard/),
    ...["list", "add web", "change web", "remove web"].map((words) => {
      const [name = "", ...names] = words.split(" ");
      return alone(`clients ${name}`, names, 2, /RECORD names none|Nothing is to be changed/);
    }),
    beside("usage", [], 0, /today/i),
    beside("logs", [], 0, /big-model/),
    beside("logs show", [requestId], 0, /Read the file, please/),
    beside("replay", [requestId, "--dry-run"], 0, /would be sent once/),
    alone("statusline", ["--setup"], 0, /"statusLine"/),
    alone("learned", [], 0, /learned/),
    alone("service install", ["--print", "--env-file", envFile], 0, /claude-proxy/),
    alone("service uninstall", [], 0, /No service is installed/),
    ...["start", "stop", "restart", "status", "logs"].map((name) =>
      alone(`service ${name}`, [], 1, notInstalled),
    ),
    alone("completion", ["fish"], 0, /complete -c claude-proxy/),
    alone("upgrade", ["--check", "--from", projectUrl], 10, /99\.0\.0 is out/),
    alone("licenses", [], 0, /MIT licence/),
    alone("version", [], 0, /^\d+\.\d+\.\d+ \(.*Bun \d+\.\d+\.\d+\)\s*$/),
  ];
}
