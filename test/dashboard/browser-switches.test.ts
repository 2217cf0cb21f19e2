import { expect, test } from "bun:test";
import { chromium } from "playwright-core";
import { browserSwitches, chromiumPath } from "./support/browser.ts";

const prefix = "--disable-features=";

// Some of it keeps Chromium from asking servers of its vendor.
test.skipIf(chromiumPath === null)("what Playwright turns off is turned off in our list too", async () => {
  const server = await chromium.launchServer({
    executablePath: chromiumPath ?? "",
    args: [...browserSwitches],
  });
  const lists = server
    .process()
    .spawnargs.filter((text) => text.startsWith(prefix))
    .map((text) => text.slice(prefix.length).split(","));
  await server.close();
  expect(lists).toHaveLength(2);
  const [playwrights = [], ours = []] = lists;
  expect(playwrights.filter((feature) => !ours.includes(feature))).toEqual([]);
});
