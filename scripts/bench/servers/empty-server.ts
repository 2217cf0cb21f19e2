// The floor of a start: a compiled server that answers everything and does nothing else. `empty-server PORT`
Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch: () => Response.json({ status: "ok" }),
});

export {};
