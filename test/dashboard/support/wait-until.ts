import type { Page } from "playwright-core";
import { soonMs } from "../../support/soon-ms.ts";

/** Waits until an expression is true on the page. Playwright's own wait would need `eval`, which the policy forbids. */
export async function waitUntil(page: Page, expression: string): Promise<void> {
  const endMs = Date.now() + soonMs;
  while ((await page.evaluate(expression)) !== true) {
    if (Date.now() > endMs) throw new Error(`This did not become true: ${expression}`);
    await Bun.sleep(20);
  }
}
