import { afterAll, beforeAll, expect, test } from "bun:test";
import { findAxeFaults } from "./support/axe.ts";
import { describePage } from "./support/browser.ts";
import { type FakeDashboard, startFakeDashboard } from "./support/fake-dashboard.ts";

describePage("the shell of the page", (pages) => {
  let dashboard: FakeDashboard;
  beforeAll(() => {
    dashboard = startFakeDashboard({ count: 100 });
  });
  afterAll(() => dashboard?.stop());

  test("names the views, goes to each, and back", async () => {
    const page = await pages.open();
    await page.goto(`${dashboard.origin}/dashboard`);
    const titles = [];
    for (const name of ["Now", "Sessions", "Usage", "Upstreams", "Requests"]) {
      await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
      titles.push(await page.title());
    }
    expect(titles).toEqual(
      ["Now", "Sessions", "Usage", "Upstreams", "Requests"].map((name) => `${name} · claude-proxy`),
    );
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Upstreams" }).waitFor();
  });

  test("says what is wrong with the record, and that the proxy is gone", async () => {
    const own = startFakeDashboard({ count: 1 });
    const page = await pages.open();
    await page.goto(`${own.origin}/dashboard`);
    await page.getByText("Recording, with messages of errors").waitFor();
    own.now.record = { path: "/r", backlog: 0, lost: 2, fault: "The disk is full.", shared: null };
    await page.getByRole("alert").getByText("Record: The disk is full.").waitFor();
    await own.stop();
    await page.getByText("The proxy does not answer. Is claude-proxy still running?").first().waitFor();
  });

  test("keeps the chosen colours, and shows the keys", async () => {
    const page = await pages.open({ colorScheme: "light" });
    await page.goto(`${dashboard.origin}/dashboard`);
    await page.getByRole("combobox", { name: "Colours" }).selectOption("dark");
    await page.reload();
    expect(await page.getByRole("combobox", { name: "Colours" }).inputValue()).toBe("dark");
    expect(await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
      "rgb(20, 22, 26)",
    );
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    expect(await findAxeFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("4");
    await page.getByRole("heading", { level: 1, name: "Usage" }).waitFor();
  });
});
