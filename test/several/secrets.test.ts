import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "../cli/run-program-in.ts";
import { hasForm, readFolder } from "../support/key-forms.ts";
import { postgresPassword, startPostgres } from "../support/postgres.ts";
import { until } from "../support/until.ts";
import { readTeam } from "../team/start-team.ts";
import { answer, type Fleet, nameWithFleet, startFleet, whyNoFleet } from "./start-fleet.ts";

const ownKey = "canary-of-everybody-8b1a9953c4611296-0123456789";
const newPassword = "canary-other-0123456789";
const tables = ["requests", "instances", "clients", "lessons", "factors", "spending", "reservations"];

/** What a list of processes shows of all that run here, from now on. */
function watchProcesses() {
  const seen = new Set<string>();
  const look = () => {
    for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
      try {
        seen.add(readFileSync(`/proc/${name}/cmdline`, "latin1").replaceAll("\0", " "));
      } catch (error) {
        // It has just ended.
        if (!(error instanceof Error && "code" in error && ["ENOENT", "ESRCH"].includes(String(error.code))))
          throw error;
      }
    }
  };
  const timer = setInterval(look, 10);
  return {
    end() {
      clearInterval(timer);
      return [...seen].join("\n");
    },
  };
}

/** Everything that the database has of the record, as texts, its messages unpacked. */
async function readDatabase(query: Fleet["query"]): Promise<string> {
  const texts: string[] = [];
  for (const table of tables)
    texts.push(JSON.stringify(await query(`select to_json(t)::text as row from proxy_${table} t`)));
  for (const { head, content } of await query("select head, content from proxy_bodies")) {
    if (!(content instanceof Uint8Array)) throw new Error("a message is not bytes");
    texts.push(String(head), Bun.zstdDecompressSync(content).toString());
  }
  return texts.join("\n");
}

describe.skipIf(whyNoFleet !== null)(
  nameWithFleet("no password of the database, and no key of a client"),
  () => {
    test("is anywhere but where it belongs", async () => {
      await using postgres = await startPostgres();
      const temporaryBefore = new Set(readdirSync(tmpdir()));
      const processes = watchProcesses();
      await using fleet = await startFleet({
        instances: 2,
        database: "several_secrets",
        postgres,
        settings: { LOG_LEVEL: "DEBUG", RECORD_BODIES: "all", PROXY_API_KEY: ownKey },
        reply: (request) => answer(request, { paceMs: 1 }),
      });
      const web = await fleet.addClient("web", "--usd-per-day", "10");
      const ops = await fleet.addClient("ops", "--admin");
      const keys = [web, ops, ownKey];
      const said: string[] = [];
      const tell = (response: Response) =>
        response.text().then((text) => void said.push(JSON.stringify([...response.headers]), text));
      const askAll = async () => {
        for (const { port } of fleet.programs) {
          const url = `http://127.0.0.1:${port}`;
          for (const key of keys) {
            await fetch(`${url}/v1/messages?key=${key}`, {
              method: "POST",
              headers: { "content-type": "application/json", "x-api-key": key, cookie: `session=${key}` },
              body: JSON.stringify({
                model: "claude-sonnet-5-5",
                max_tokens: 5,
                messages: [
                  { role: "user", content: `request 1: my key is ${key}, theirs is ${web} and ${ops}` },
                ],
              }),
            }).then(tell);
          }
          for (const path of ["/status", "/metrics", "/dashboard/api/now", "/v1/models"])
            await fetch(`${url}${path}`, { headers: { "x-api-key": ops } }).then(tell);
        }
      };
      const home = fleet.homes[0] ?? "";
      const run = async (...words: string[]) => {
        const { out, err } = await runProgramIn(home, words, { RECORD: fleet.gate.urlOf(fleet.record) });
        said.push(out, err);
      };
      const commands = [
        ["clients", "list"],
        ["clients", "change", "web", "--usd-per-day", "11"],
        ["usage"],
        ["logs"],
      ];

      await askAll();
      for (const words of commands) await run(...words);
      await until(
        () => fleet.query("select count(*)::int n from proxy_requests"),
        ([row]) => row?.["n"] === 6,
      );
      await fleet.gate.refuse();
      await askAll();
      for (const words of commands) await run(...words);
      await run("status", "--port", String(fleet.programs[0]?.port));
      await postgres.query(`alter user ${new URL(fleet.record).username} password '${newPassword}'`);
      await fleet.gate.pass();
      for (const words of commands) await run(...words);
      for (const { port } of fleet.programs)
        await until(
          () => readTeam(`http://127.0.0.1:${port}`, ops),
          ({ fault }) => String(fault).includes("refuses the user or the password"),
        );
      await askAll();
      const shown = processes.end();
      const temporary = readdirSync(tmpdir()).filter((name) => !temporaryBefore.has(name));
      const now = fleet.record.replace(postgresPassword, newPassword);
      await postgres.query("checkpoint", now);
      const database = await readDatabase((text) => postgres.query(text, now));

      // What is searched is what was meant.
      expect(shown).toContain(" clients change web");
      for (const key of [web, ops])
        expect(database).toContain(createHash("sha256").update(key).digest("hex"));
      expect(database).toContain("my key is");
      const places = {
        said: said.join("\n"),
        printed: fleet.programs.map((program) => program.output()).join("\n"),
        // Beside them are only the files that Bun keeps of the sources.
        written: fleet.programs
          .map(({ home: own, logFile }) => readFolder(join(own, ".local")) + readFileSync(logFile, "latin1"))
          .join("\n"),
        shown,
        temporary: temporary.join("\n"),
        database,
      };
      for (const [place, text] of Object.entries(places)) {
        for (const secret of [...keys, postgresPassword])
          expect([place, ...hasForm(text, secret)]).toEqual([place]);
      }
      // Its pages, what it logs, and what it has written ahead.
      const pages = readFolder(join(postgres.folder, "data")) + postgres.log();
      for (const secret of [...keys, postgresPassword]) {
        for (const part of [secret, secret.slice(-12)]) {
          const forms = [
            part,
            Buffer.from(part).toString("hex"),
            Buffer.from(part).toString("base64").slice(0, -4),
          ];
          expect(forms.filter((form) => pages.includes(form))).toEqual([]);
        }
      }
    }, 60_000);
  },
);
