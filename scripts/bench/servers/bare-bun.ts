// The floor of what a proxy on Bun can cost: `bun bare-bun.ts PORT UPSTREAM_URL [PATH]` sends bodies on as they are.
const [port, upstreamUrl, path = "/chat/completions"] = process.argv.slice(2);

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  idleTimeout: 0,
  async fetch(request) {
    const { signal } = request;
    const headers = { "content-type": "application/json" };
    const body = await request.arrayBuffer();
    const answer = await fetch(`${upstreamUrl}${path}`, { method: "POST", headers, body, signal });
    const contentType = answer.headers.get("content-type") ?? "";
    return new Response(answer.body, { headers: { "content-type": contentType } });
  },
});

export {};
