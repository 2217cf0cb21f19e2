import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNotifySocket } from "../../support/notify-socket.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notify-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Calls the function in a process of its own, because systemd names the socket in the environment. */
async function notify(socket: string | undefined): Promise<{ exitCode: number; stderr: string }> {
  const module = JSON.stringify(join(import.meta.dir, "../../../src/cli/service/notify.ts"));
  const child = Bun.spawn(
    [process.execPath, "-e", `await (await import(${module})).notifyServiceManager("READY=1")`],
    {
      env: { PATH: process.env["PATH"], ...(socket === undefined ? {} : { NOTIFY_SOCKET: socket }) },
      stderr: "pipe",
    },
  );
  return { exitCode: await child.exited, stderr: await new Response(child.stderr).text() };
}

describe.skipIf(process.platform !== "linux")("notifyServiceManager", () => {
  for (const kind of ["path", "abstract name"] as const) {
    test(`sends its message to a socket with a ${kind}`, async () => {
      const address = kind === "path" ? join(folder, "notify") : `@${folder}`;
      const socket = openNotifySocket(address);
      expect(socket.receive()).toBeNull();
      expect(await notify(address)).toEqual({ exitCode: 0, stderr: "" });
      expect(socket.receive()).toBe("READY=1");
      expect(socket.receive()).toBeNull();
      socket.close();
    });
  }

  test("does nothing where systemd did not start the program", async () => {
    expect(await notify(undefined)).toEqual({ exitCode: 0, stderr: "" });
  });

  test("fails when nobody listens, as systemd would wait in vain", async () => {
    const address = join(folder, "nobody");
    const { exitCode, stderr } = await notify(address);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `systemd cannot be notified that the program is ready: ${address} takes no message`,
    );
  });
});
