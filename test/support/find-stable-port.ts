import { createServer } from "node:net";

/**
 * A free port for a server that will end and come back: it is below the ports which the system hands out itself, so that
 * no other program, and no caller trying to connect, takes it in the meantime.
 */
export async function findStablePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
