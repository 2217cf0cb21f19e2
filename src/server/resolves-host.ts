import { isIP } from "node:net";

/** A name that is known here is in a file or in a cache; who is offline is not to wait for a server of names. */
const patienceMs = 500;

/**
 * Whether an address is known for a host name or address. Asked after listening has failed: Bun then tells whatever
 * error the system had last, mostly that the port is in use, when it was the name that has no address.
 */
export async function resolvesHost(host: string): Promise<boolean> {
  if (isIP(host) !== 0) return true;
  try {
    // The system's own way, by which Bun looks for the address to listen at.
    const lookup = Bun.dns.lookup(host, { backend: "libc" });
    return await Promise.race([lookup.then(() => true), Bun.sleep(patienceMs).then(() => false)]);
  } catch {
    // The reason differs from system to system, and none of them gives an address.
    return false;
  }
}
