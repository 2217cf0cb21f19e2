/** The header of the proxy's own keys, where the usual ones are left to the client's login. */
export const ownHeader = "x-claude-proxy-key";
