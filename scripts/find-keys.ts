/** Keys by their looks, as gitleaks knows them. */
const keyForms: readonly RegExp[] = [
  /(?<![\w-])(?:sk|rk|pk)-[A-Za-z0-9](?:[\w-]{14,})[A-Za-z0-9]/g,
  /(?<!\w)(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /(?<!\w)(?:gsk|xai|hf|nvapi)[_-][A-Za-z0-9]{20,}/g,
  /(?<!\w)gh[pousr]_[A-Za-z0-9]{20,}/g,
  /(?<!\w)(?:github_pat_|glpat-)[\w-]{20,}/g,
  /(?<!\w)npm_[A-Za-z0-9]{36}/g,
  /(?<!\w)AIza[\w-]{35}/g,
  /(?<!\w)AKIA[0-9A-Z]{16}/g,
  /(?<!\w)xox[abprs]-[\w-]{16,}/g,
  /(?<!\w)eyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}/g,
  // With its first line: programs hold the words alone, to know one by.
  /-{5}BEGIN (?:[A-Z]+ )*PRIVATE KEY-{5}\s+[\w+/=]{32,}/g,
];

/** What keys of tests and examples have in them, and a real one as good as never. */
const placeholder = /canary|upstream-key|0123456789|1234567890|abc_?def|example|\*\*\*/i;

/** What looks like a key in `text`, each cut to its beginning; without the placeholders of tests. */
export function findKeys(text: string): string[] {
  const found = keyForms.flatMap((form) => [...text.matchAll(form)].map(([key]) => key));
  return found.filter((key) => !placeholder.test(key)).map((key) => `${key.slice(0, 16)}…`);
}

/** The paths below `folder` that `text` has, each once. */
export function findPathsBelow(text: string, folder: string): string[] {
  const escaped = folder.replace(/[/\\]+$/, "").replace(/[^\w]/g, "\\$&");
  const paths = text.matchAll(new RegExp(`(?<![\\w.~-])${escaped}[/\\\\][\\w./\\\\@-]*`, "g"));
  return [...new Set([...paths].map(([path]) => path))];
}
