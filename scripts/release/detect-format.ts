import type { ReleaseTarget } from "./targets.ts";

const elfArchitectures: Readonly<Record<number, string>> = { 62: "x64", 183: "arm64" };
const machOArchitectures: Readonly<Record<number, string>> = { 16777223: "x64", 16777228: "arm64" };
const peArchitectures: Readonly<Record<number, string>> = { 34404: "x64", 43620: "arm64" };

/**
 * Reads from the head of a program for which system and processor it is.
 * @param bytes at least the first 4096 bytes
 * @returns null for a file of another kind
 */
export function detectFormat(
  bytes: Uint8Array,
): { system: ReleaseTarget["system"]; architecture: string } | null {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (head.getUint32(0) === 0x7f454c46) {
    return { system: "linux", architecture: elfArchitectures[head.getUint16(18, true)] ?? "unknown" };
  }
  if (head.getUint32(0, true) === 0xfeedfacf) {
    return { system: "macos", architecture: machOArchitectures[head.getUint32(4, true)] ?? "unknown" };
  }
  if (head.getUint16(0) === 0x4d5a) {
    const peHeader = head.getUint32(0x3c, true);
    return {
      system: "windows",
      architecture: peArchitectures[head.getUint16(peHeader + 4, true)] ?? "unknown",
    };
  }
  return null;
}
