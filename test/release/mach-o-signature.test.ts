import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { checkMachOSignature } from "../../scripts/release/mach-o-signature.ts";

const pageBytes = 4096;
const codeBytes = 2 * pageBytes + 100;
const signatureBytes = 12 + 8 + 44 + 3 * 32;

/** The smallest signed program: a header, one command that says where the signature is, three pages, page hashes. */
function buildProgram(changes: { flags?: number; codeLimit?: number; hashType?: number } = {}): Uint8Array {
  const bytes = new Uint8Array(codeBytes + signatureBytes).map((_byte, index) => index % 251);
  const file = new DataView(bytes.buffer);
  [0xfeedfacf, 0x0100000c, 0, 2, 1, 16, 0, 0].forEach(
    (word, index) => void file.setUint32(index * 4, word, true),
  );
  [0x1d, 16, codeBytes, signatureBytes].forEach(
    (word, index) => void file.setUint32(32 + index * 4, word, true),
  );
  const directory = codeBytes + 20;
  [0xfade0cc0, signatureBytes, 1, 0, 20].forEach(
    (word, index) => void file.setUint32(codeBytes + index * 4, word),
  );
  const words = [
    0xfade0c02,
    44 + 96,
    0x20400,
    changes.flags ?? 2,
    44,
    0,
    0,
    3,
    changes.codeLimit ?? codeBytes,
  ];
  words.forEach((word, index) => void file.setUint32(directory + index * 4, word));
  bytes.set([32, changes.hashType ?? 2, 0, 12], directory + 36);
  for (let page = 0; page < 3; page += 1) {
    const content = bytes.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, codeBytes));
    bytes.set(createHash("sha256").update(content).digest(), directory + 44 + page * 32);
  }
  return bytes;
}

describe("the signature of a macOS program", () => {
  test("is right", () => {
    expect(checkMachOSignature(buildProgram())).toEqual({
      isAdHoc: true,
      pages: 3,
      wrongPages: 0,
      coversAll: true,
    });
  });

  test.each([
    ["first", 100],
    ["last, which is cut", codeBytes - 1],
  ])("is wrong with one bit of the %s page turned", (_name, position) => {
    const program = buildProgram();
    program[position] = (program[position] ?? 0) ^ 1;
    expect(checkMachOSignature(program).wrongPages).toBe(1);
  });

  test("is wrong when it leaves out the end of the program", () => {
    expect(checkMachOSignature(buildProgram({ codeLimit: codeBytes - 1 }))).toEqual({
      isAdHoc: true,
      pages: 3,
      wrongPages: 1,
      coversAll: false,
    });
  });

  test("may be somebody's", () => {
    expect(checkMachOSignature(buildProgram({ flags: 0 })).isAdHoc).toBe(false);
  });

  test("is missed where there is none, and refused where it is another kind", () => {
    expect(() => checkMachOSignature(new Uint8Array(64))).toThrow("This is no 64-bit Mach-O file");
    const unsigned = buildProgram();
    unsigned[32] = 0x19;
    expect(() => checkMachOSignature(unsigned)).toThrow("This Mach-O file has no signature");
    expect(() => checkMachOSignature(buildProgram({ hashType: 1 }))).toThrow("The page hashes are of type 1");
  });
});
