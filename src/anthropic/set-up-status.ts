/**
 * The status of a failure that the settings or the upstream's own set-up are the reason of, so that another try is in
 * vain. Claude Code shows the text of a 424 as it is, after one call; to a 401 or 403 it adds that one should log in, a
 * 404 it takes for a model of its own that is missing and hides the text, a 400 it sends six times, and what is 500 or
 * above it tries for three minutes (measured with 2.1.330).
 */
export const setUpStatus = 424;
