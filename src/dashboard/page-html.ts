/** The page before its script runs. It has no script and no style of its own, as its policy allows none. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>claude-proxy</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/dashboard/page.css">
<script type="module" src="/dashboard/page.js"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript. Without it: claude-proxy usage, claude-proxy logs</noscript>
</body>
</html>
`;
