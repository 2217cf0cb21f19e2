import { bundlePage } from "./bundle-page.ts" with { type: "macro" };

const { script, styles } = bundlePage();

/** Script and styles of the page, as the browser loads them. */
export const pageFiles = { script, styles } as const;
