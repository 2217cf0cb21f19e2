import { describe, expect } from "bun:test";
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { soonMs } from "../../support/soon-ms.ts";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where Chromium lies on this machine; null if it is not installed. */
export const chromiumPath: string | null = places.find((place) => existsSync(place)) ?? null;

/** A CI service installs it, in the stage `packages`: there its tests must not be left out in silence. */
const isWanted = process.env["CI"] !== undefined && process.platform !== "win32";

/** Tests that drive the page; left out, with the reason in their name, where there is no Chromium. */
export function describePage(name: string, tests: () => void): void {
  if (chromiumPath !== null || isWanted) describe(name, tests);
  else describe.skip(`${name} (left out: Chromium is not installed)`, tests);
}

/** Starts Chromium; throws if it is not installed. */
export function startBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error(`Chromium is not installed. Looked for ${places.join(", ")}.`);
  return chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}

/** Waits until what is read is what is wanted, and fails with the difference if that is not soon. */
export async function waitForValue(read: () => Promise<unknown>, wanted: unknown): Promise<void> {
  const endMs = Date.now() + soonMs;
  let value = await read();
  while (!Bun.deepEquals(value, wanted) && Date.now() < endMs) {
    await Bun.sleep(20);
    value = await read();
  }
  expect(value).toEqual(wanted);
}

export interface WatchedPage {
  readonly page: Page;
  /** What the page complained of: errors of its script, of the console, and offences against its policy. */
  readonly complaints: string[];
}

export interface PageSettings {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

/** Opens an empty page whose complaints are collected. */
export async function openPage(browser: Browser, settings: PageSettings = {}): Promise<WatchedPage> {
  const { width = 1440, height = 900, colorScheme = "light" } = settings;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, timezoneId: "UTC" });
  // The test has to be told what did not come, before it is itself too late. The page asks every few seconds only.
  context.setDefaultTimeout(3 * soonMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // A refused question is shown on the page; the console tells it by itself.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  await page.addInitScript(
    `addEventListener("securitypolicyviolation", (event) => console.error("policy: " + event.violatedDirective));`,
  );
  return { page, complaints };
}
