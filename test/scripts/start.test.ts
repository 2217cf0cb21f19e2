import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("npm start serves with the clone's own .env, and keeps its flags when it starts itself over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  const settings = "BASE_URL=http://127.0.0.1:9/v1\nBIG_MODEL_NAME=from-the-clone\nSMALL_MODEL_NAME=small\n";
  writeFileSync(join(folder, ".env"), settings, { mode: 0o600 });
  const script = join(import.meta.dir, "../../scripts/start.ts");
  const program = Bun.spawn([process.execPath, "--no-env-file", script, "--port", "0"], {
    cwd: folder,
    env: { HOME: folder, PATH: process.env["PATH"] ?? "" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const errors = program.stderr.text();
  let out = "";
  for await (const bytes of program.stdout) {
    out += new TextDecoder().decode(bytes);
    if (out.includes("claude\n")) program.kill("SIGTERM");
  }
  expect({ exitCode: await program.exited, errors: await errors }).toEqual({
    exitCode: 0,
    errors: "Stopping once the requests under way have ended. Interrupt again to stop at once.\n",
  });
  expect(out).toMatch(/big model +from-the-clone +\S*\.env\n/);
  rmSync(folder, { recursive: true, force: true });
});
