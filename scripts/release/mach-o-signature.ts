import { createHash } from "node:crypto";

const machO64Magic = 0xfeedfacf;
const codeSignatureCommand = 0x1d;
const superBlobMagic = 0xfade0cc0;
const codeDirectoryMagic = 0xfade0c02;
const adHocFlag = 0x2;
const sha256Type = 2;

export interface SignatureFacts {
  /** Signed by nobody in particular, as the linker does it; macOS on arm64 runs such a program. */
  readonly isAdHoc: boolean;
  readonly pages: number;
  /** How many pages have another hash than the signature says. With one of them, macOS on arm64 kills the program. */
  readonly wrongPages: number;
  /** Whether the hashes go up to where the signature begins, which they must. */
  readonly coversAll: boolean;
}

/** Where the signature is in the file. Source: <mach-o/loader.h>. */
function findSignature(file: DataView): number {
  if (file.getUint32(0, true) !== machO64Magic) {
    throw new Error("This is no 64-bit Mach-O file");
  }
  const commands = file.getUint32(16, true);
  let offset = 32;
  for (let index = 0; index < commands; index += 1) {
    if (file.getUint32(offset, true) === codeSignatureCommand) {
      return file.getUint32(offset + 8, true);
    }
    offset += file.getUint32(offset + 4, true);
  }
  throw new Error("This Mach-O file has no signature");
}

/** Where the list of page hashes is in the file. Source: <kern/cs_blobs.h>; everything in it is big-endian. */
function findCodeDirectory(file: DataView, signature: number): number {
  if (file.getUint32(signature) !== superBlobMagic) {
    throw new Error("The signature does not begin as one");
  }
  const blobs = file.getUint32(signature + 8);
  for (let index = 0; index < blobs; index += 1) {
    const blob = signature + file.getUint32(signature + 12 + index * 8 + 4);
    if (file.getUint32(blob) === codeDirectoryMagic) {
      return blob;
    }
  }
  throw new Error("The signature has no page hashes");
}

/**
 * Compares every page of a signed macOS program with the hash that its signature holds.
 * @param bytes the whole file, for one architecture
 * @throws Error when it is no such file, or signed in a way that Bun and codesign do not use
 */
export function checkMachOSignature(bytes: Uint8Array): SignatureFacts {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signature = findSignature(file);
  const directory = findCodeDirectory(file, signature);
  const flags = file.getUint32(directory + 12);
  const hashes = directory + file.getUint32(directory + 16);
  const pages = file.getUint32(directory + 28);
  const codeBytes = file.getUint32(directory + 32);
  const hashBytes = file.getUint8(directory + 36);
  const hashType = file.getUint8(directory + 37);
  const pageBytes = 2 ** file.getUint8(directory + 39);
  if (hashType !== sha256Type) {
    throw new Error(`The page hashes are of type ${hashType}; only SHA-256 is known here`);
  }
  let wrongPages = 0;
  for (let page = 0; page < pages; page += 1) {
    const content = bytes.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, codeBytes));
    const expected = bytes.subarray(hashes + page * hashBytes, hashes + (page + 1) * hashBytes);
    if (!createHash("sha256").update(content).digest().equals(expected)) {
      wrongPages += 1;
    }
  }
  return { isAdHoc: (flags & adHocFlag) !== 0, pages, wrongPages, coversAll: codeBytes === signature };
}
