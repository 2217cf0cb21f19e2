/**
 * The status of a failure that the settings or the upstream's own set-up cause, so that a retry is useless. Claude Code
 * shows the text of a 424 unchanged, after one call. It adds advice to log in to a 401 or 403. It takes a 404 for a
 * missing model of its own and hides the text. It sends a 400 six times, and retries a 500 or above for three minutes
 * (measured with 2.1.330).
 */
export const setUpStatus = 424;
