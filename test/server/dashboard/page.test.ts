import { expect, test } from "bun:test";
import { startPair } from "../../support/start-pair.ts";

test("the page, its script and its styles are served as texts of their kind", async () => {
  await using pair = await startPair();
  const answers = await Promise.all(
    ["", "/page.js", "/page.css"].map(async (path) => {
      const response = await fetch(`${pair.proxy.url}/dashboard${path}`);
      const { status, headers } = response;
      return { status, type: headers.get("content-type"), text: await response.text() };
    }),
  );
  expect(answers.map(({ status, type }) => [status, type])).toEqual([
    [200, "text/html; charset=utf-8"],
    [200, "text/javascript; charset=utf-8"],
    [200, "text/css; charset=utf-8"],
  ]);
  const [html = "", script = "", styles = ""] = answers.map(({ text }) => text);
  expect(html).toContain('<script defer src="/dashboard/page.js"></script>');
  expect(html).toContain('<link rel="stylesheet" href="/dashboard/page.css">');
  // It is the page, made for production, and nothing of the machine that made it is in it.
  expect(script).toContain("/dashboard/api/");
  expect(script).not.toMatch(/jsxDEV|process\.env|node_modules|sourceMappingURL/);
  expect(styles).toContain("color-scheme");
  // It is part of every program, and read anew whenever somebody opens it.
  expect(script.length + styles.length).toBeLessThan(230_000);
});
