import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
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

/** What tests that drive the page are given. */
interface Pages {
  /** Opens an empty page, which is closed with its test; what it complains of fails the test. */
  open(settings?: PageSettings): Promise<Page>;
}

/** Tests that drive the page; left out, with the reason in their name, where there is no Chromium. */
export function describePage(name: string, tests: (pages: Pages) => void): void {
  if (chromiumPath === null && !isWanted) {
    describe.skip(`${name} (left out: Chromium is not installed)`, () => tests({ open: refusePage }));
    return;
  }
  describe(name, () => {
    let browser: Browser | null = null;
    const opened: WatchedPage[] = [];
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser?.close());
    // A page goes on asking and drawing as long as it is open.
    afterEach(async () => {
      const ended = opened.splice(0);
      await Promise.all(ended.map(({ page }) => page.context().close()));
      expect(ended.flatMap(({ complaints }) => complaints)).toEqual([]);
    });
    tests({
      async open(settings) {
        if (browser === null) return refusePage();
        const watched = await openPage(browser, settings);
        opened.push(watched);
        return watched.page;
      },
    });
  });
}

function refusePage(): never {
  throw new Error("Chromium has not started.");
}

/** Pages in each window of Chromium for what is typed into its address; they take half of the time of opening one. */
const ownPages = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

/** What Playwright turns off by itself, which it no longer does beside a list of ours. */
const offByPlaywright = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "msForceBrowserSignIn",
  "msEdgeUpdateLaunchServicesPreferredVersion",
];

/** With what Chromium is started. */
export const browserSwitches: readonly string[] = [
  "--no-sandbox",
  `--disable-features=${[...offByPlaywright, ...ownPages].join(",")}`,
];

/** Starts Chromium; throws if it is not installed. */
export function startBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error(`Chromium is not installed. Looked for ${places.join(", ")}.`);
  return chromium.launch({ executablePath: chromiumPath, args: [...browserSwitches] });
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

interface WatchedPage {
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
