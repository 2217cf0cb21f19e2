import { expect, test } from "bun:test";
import { join } from "node:path";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { nameWithPostgres, startPostgres, whyNoPostgres } from "../support/postgres.ts";

const question = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

async function askWhetherEncrypted(url: string): Promise<unknown> {
  const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 10_000 });
  try {
    return (await postgres.query(question))[0]?.["ssl"];
  } catch (error) {
    return error instanceof Error && "kind" in error ? error.kind : error;
  } finally {
    await postgres.close();
  }
}

async function askInEachWay(certificate: "valid" | null): Promise<unknown[]> {
  await using server = await startPostgres({ certificate });
  const ways = ["", "?sslmode=prefer", "?sslmode=disable", "?sslmode=require", "?sslmode=verify-full"];
  return await Promise.all(ways.map((way) => askWhetherEncrypted(`${server.url}${way}`)));
}

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("a server without TLS is refused only where the URL asks for TLS"),
  async () => expect(await askInEachWay(null)).toEqual([false, false, false, "tls", "tls"]),
);

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("a server with TLS is asked over it unless the URL forbids it"),
  // Its certificate is signed by an authority that nobody knows.
  async () => expect(await askInEachWay("valid")).toEqual([true, true, false, true, "tls"]),
);

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("no variable of Bun's turns the check of a certificate off"),
  async () => {
    await using server = await startPostgres({ certificate: "valid" });
    const program = `
      import { openPostgres } from "./src/postgres/open-postgres.ts";
      const url = await Bun.stdin.text();
      for (const mode of ["require", "verify-ca", "verify-full"]) {
        const postgres = openPostgres({ url: url + "?sslmode=" + mode, name: "test", connections: 1, timeoutMs: 10_000 });
        console.log(mode, await postgres.query("select 1").then(() => "connected", ({ kind }) => kind));
        await postgres.close();
      }`;
    const child = Bun.spawn([process.execPath, "--no-env-file", "-e", program], {
      cwd: join(import.meta.dir, "../.."),
      env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      stdin: new Blob([server.url]),
      stderr: "inherit",
    });
    expect(await child.stdout.text()).toBe("require connected\nverify-ca tls\nverify-full tls\n");
  },
);
