/** A port that was free just now, for a program that cannot tell which one it has taken. */
export async function findFreePort(): Promise<number> {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  if (port === undefined) throw new Error("no port is free");
  return port;
}
