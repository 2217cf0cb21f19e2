import { createServer, request as openRequest } from "node:http";
import type { Upstream } from "./upstream.ts";

/**
 * An HTTP proxy that stands for a host far away: what is asked of any host goes to the upstream for its path, so that a
 * program can call a host by its own name without a request leaving this machine.
 */
export async function startHost(
  upstreamFor: (path: string) => Pick<Upstream, "baseUrl">,
): Promise<{ proxyUrl: string; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://host.invalid");
    const { hostname, port } = new URL(upstreamFor(pathname).baseUrl);
    const { method, headers } = request;
    const sent = openRequest({ hostname, port, path: pathname + search, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    // Whoever has broken the connection, the program sees it break.
    sent.on("error", () => response.destroy());
    request.pipe(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the host has no port");
  return {
    proxyUrl: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
