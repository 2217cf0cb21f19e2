import { expect, test } from "bun:test";
import { askModels } from "../../../src/cli/run/ask-models.ts";

test("a proxy that does not tell its models: what there is to do is said", async () => {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const url = `http://127.0.0.1:${server.port}`;
  await server.stop(true);
  const asked = await askModels({ url, headers: {} }).catch(String);
  expect(String(asked).replace(/: \w+\n/, ": CODE\n")).toBe(
    `CommandError: The proxy at ${url} does not tell its models: CODE\n` +
      "See what it does: claude-proxy status. Or end it: claude-proxy run then starts its own.",
  );
});
