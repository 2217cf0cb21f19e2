/** A request that reached the server. */
export interface ListRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

type Answer = (request: ListRequest) => Response | Promise<Response>;

/** A server that lists models as `answers` says, by method and path; any other path is a 404. */
export function startListServer(answers: Readonly<Record<string, object | Answer>>) {
  const requests: ListRequest[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const text = await request.text();
      const seen: ListRequest = {
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: text === "" ? null : JSON.parse(text),
      };
      requests.push(seen);
      const answer = answers[`${request.method} ${pathname}`];
      if (answer === undefined) return new Response("{}", { status: 404 });
      return typeof answer === "function" ? await answer(seen) : Response.json(answer);
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    address: `127.0.0.1:${server.port}/v1`,
    requests,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
