import { rootCertificates } from "node:tls";

/**
 * Signers of certificates that are trusted: those of the system and `ca`, in PEM. In a file of its own, because Node's
 * TLS takes a twentieth of a start, and nearly nobody needs it.
 */
export function trustBesides(ca: string): { ca: string[] } {
  return { ca: [...rootCertificates, ca] };
}
