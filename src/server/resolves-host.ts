import { isIP } from "node:net";

/** A name known here is in a file or in a cache; an offline user should not wait for a name server. */
const patienceMs = 500;

/**
 * Whether a host name or address resolves. Asked after listening has failed: Bun then reports the last error of the
 * system, mostly that the port is in use, even if the name was the one without an address.
 */
export async function resolvesHost(host: string): Promise<boolean> {
  if (isIP(host) !== 0) return true;
  try {
    // The system's own resolver, which Bun also uses to find the address to listen at.
    const lookup = Bun.dns.lookup(host, { backend: "libc" });
    return await Promise.race([lookup.then(() => true), Bun.sleep(patienceMs).then(() => false)]);
  } catch {
    // The reason differs from system to system, but in each case there is no address.
    return false;
  }
}
