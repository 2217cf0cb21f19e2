/**
 * The page before its script runs. It has no script and no style of its own, as its policy allows none. The script is no
 * module: browsers ask for modules with an `Origin`, and requests with one are refused.
 */
export const pageHtml = wrapBody(
  `<div id="page"></div>
<noscript>This page needs JavaScript. Without it: claude-proxy usage, claude-proxy logs</noscript>`,
  '\n<script defer src="/dashboard/page.js"></script>',
);

/** What a browser without a session is shown. */
export const signInHtml = wrapBody(`<main>
<h1>claude-proxy</h1>
<p>This proxy has client keys, so its dashboard is opened with one. On the machine of the proxy, run:</p>
<p><code>claude-proxy dashboard</code></p>
<p>The link that it opens is valid for one minute, and once.</p>
</main>`);

function wrapBody(body: string, script = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>claude-proxy</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/dashboard/page.css">${script}
</head>
<body>
${body}
</body>
</html>
`;
}
