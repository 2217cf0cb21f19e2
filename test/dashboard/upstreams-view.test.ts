import { afterAll, beforeAll, expect, test } from "bun:test";
import { findAxeFaults } from "./support/axe.ts";
import { describePage } from "./support/browser.ts";
import { type FakeDashboard, startFakeDashboard } from "./support/fake-dashboard.ts";
import { hostileTexts } from "./support/sample-requests.ts";

describePage("the view of upstreams", (pages) => {
  let dashboard: FakeDashboard;
  beforeAll(() => {
    dashboard = startFakeDashboard({ count: 0 });
  });
  afterAll(() => dashboard?.stop());

  test("has their addresses, how they are, and what was learned", async () => {
    const page = await pages.open();
    await page.goto(`${dashboard.origin}/dashboard#/upstreams`);
    const rows = page.getByRole("region", { name: "Table of upstreams" }).locator("tbody tr");
    await rows.first().waitFor();
    expect(await rows.allTextContents()).toEqual([
      "zaiapi.z.ai/api/paas/v4chat2",
      "deepseekapi.deepseek.comchat1",
      "openrouteropenrouter.ai/api/v1responses1",
    ]);
    await page.getByText("2 of 3 are not in use now.").waitFor();
    expect(await page.locator(".health li").allTextContents()).toEqual([
      "✓ in use zai/glm-4.6 ",
      "✗ left out zai key 2 429 three times (asked again in 42.0 s)",
      `✗ left out deepseek/deepseek-v4-pro ${hostileTexts.html} (asked again in 5 min 0 s)`,
    ]);
    expect(await page.locator(".learned > div").allTextContents()).toEqual([
      "zai/glm-4.6does not accept tool_choice; it is left out",
      "deepseek/deepseek-v4-proreads 131,072 tokens at most",
    ]);
    expect(await page.title()).toBe("Upstreams · claude-proxy");
  });

  test.each(["light", "dark"] as const)("has nothing that axe complains of (%s)", async (colorScheme) => {
    const page = await pages.open({ colorScheme, width: 360 });
    await page.goto(`${dashboard.origin}/dashboard#/upstreams`);
    await page.getByText("2 of 3 are not in use now.").waitFor();
    expect(await findAxeFaults(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  test("says that the proxy does not answer", async () => {
    const own = startFakeDashboard({ count: 0 });
    const page = await pages.open();
    await page.goto(`${own.origin}/dashboard#/upstreams`);
    await page.getByText("2 of 3 are not in use now.").waitFor();
    await own.stop();
    await page
      .getByRole("main")
      .getByText("The proxy does not answer. Is claude-proxy still running?")
      .waitFor();
    expect(await page.locator(".health li").count()).toBe(3);
  });
});
