import { expect, test } from "bun:test";
import { join } from "node:path";
import { type ImageSize, readImageSize } from "../../src/tokens/read-image-size.ts";

const folder = join(import.meta.dir, "../fixtures/tokens/images");

/** Written by libvips 8, all 33 pixels wide and 21 high. */
const images = [
  "png.png",
  "gif.gif",
  "jpeg-baseline.jpg",
  "jpeg-progressive-exif.jpg",
  "webp-lossy.webp",
  "webp-lossless.webp",
  "webp-lossy-alpha.webp",
];

test.each(images)("[7:image] the size of %s is in its first bytes", async (name) => {
  expect(readImageSize(await Bun.file(join(folder, name)).bytes())).toEqual({ width: 33, height: 21 });
});

test.each(images)("[7:image] no beginning of %s fails", async (name) => {
  const bytes = await Bun.file(join(folder, name)).bytes();
  const sizes = Array.from(bytes, (_, length) => readImageSize(bytes.subarray(0, length)));
  const known = sizes.filter((size) => size !== null);
  expect(known).toEqual(known.map(() => ({ width: 33, height: 21 })));
  expect(sizes[0]).toBeNull();
});

/** The first 30 bytes of a WebP, whose chunk has the bytes `data` behind its name and length. */
function webp(chunk: string, data: readonly number[], [container, form] = ["RIFF", "WEBP"]): Uint8Array {
  const head = [...Buffer.from(`${container}\0\0\0\0${form}${chunk}\0\0\0\0`), ...data];
  return new Uint8Array([...head, ...new Array(30 - head.length).fill(0xff)]);
}

test.each<[string, number[], number, number]>([
  ["VP8X", [0xff, 0xff, 0xff, 0xff, 0x55, 0x44, 0x33, 0xcc, 0xbb, 0xaa], 0x334456, 0xaabbcd],
  ["VP8L", [0x2f, 0xff, 0x7f, 0xff, 0xef], 0x4000, 0x3ffe],
  ["VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, 0xfe, 0xff, 0xfd, 0xff], 0x3ffe, 0x3ffd],
])("[7:image] the size of a WebP with %s is within its first 30 bytes", (chunk, data, width, height) => {
  expect(readImageSize(webp(chunk, data))).toEqual({ width, height });
  expect(readImageSize(webp(chunk, data).subarray(0, 29))).toBeNull();
  expect(readImageSize(webp(chunk, data, ["RIFX", "WEBP"]))).toBeNull();
  expect(readImageSize(webp(chunk, data, ["RIFF", "WAVE"]))).toBeNull();
});

test.each<[string, number[], ImageSize]>([
  [
    "PNG",
    [...Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\x21\0\x02\0\x15", "latin1")],
    { width: 0x10021, height: 0x20015 },
  ],
  ["GIF", [...Buffer.from("GIF89a\x21\x01\x15\x02", "latin1")], { width: 0x121, height: 0x215 }],
  ["JPEG", [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 2, 0x15, 1, 0x21], { width: 0x121, height: 0x215 }],
])("[7:image] a %s needs no byte behind its size", (_, bytes, size) => {
  expect(readImageSize(new Uint8Array(bytes))).toEqual(size);
  expect(readImageSize(new Uint8Array(bytes.slice(0, -1)))).toBeNull();
});

test("[7:image] a WebP of another chunk has no size", () => {
  expect(readImageSize(webp("ALPH", []))).toBeNull();
});

test("[7:image] filling bytes before a JPEG's marker are passed over", () => {
  const bytes = [0xff, 0xd8, 0xff, 0xff, 0xff, 0xc0, 0, 11, 8, 0, 21, 0, 33, 1, 1, 0x11, 0];
  expect(readImageSize(new Uint8Array(bytes))).toEqual({ width: 33, height: 21 });
});

test.each([0xbf, 0xc4, 0xc8, 0xcc, 0xd0, 0xe0])("[7:image] a segment %d is no frame", (marker) => {
  const segment = [0xff, marker, 0, 9, 8, 0, 1, 0, 1, 0, 0];
  const frame = [0xff, 0xc2, 0, 11, 8, 0, 21, 0, 33, 1, 1, 0x11, 0];
  const bytes = [0xff, 0xd8, ...segment, ...frame];
  expect(readImageSize(new Uint8Array(bytes))).toEqual({ width: 33, height: 21 });
});

test.each([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])(
  "[7:image] a segment %d is a frame",
  (marker) => {
    // A frame of a JPEG without a byte behind its size.
    const bytes = [0xff, 0xd8, 0xff, marker, 0, 11, 8, 0, 21, 0, 33];
    expect(readImageSize(new Uint8Array(bytes))).toEqual({ width: 33, height: 21 });
  },
);

test.each([
  ["nothing", []],
  ["a text", [...Buffer.from("<svg width='33' height='21'/>")]],
  ["a PNG without pixels", [...Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0", "latin1")]],
  [
    "a PNG that begins with another chunk",
    [...Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIDAT\0\0\0\x21\0\0\0\x15", "latin1")],
  ],
  ["a PNG without width", [...Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\x15", "latin1")]],
  ["a PNG without height", [...Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x21\0\0\0\0", "latin1")]],
  ["a JPEG without a frame", [0xff, 0xd8, 0xff, 0xe0, 0, 2, 0xff, 0xd9, 0, 0, 0, 0, 0, 0]],
])("[7:image] %s has no size", (_, bytes) => {
  expect(readImageSize(new Uint8Array(bytes))).toBeNull();
});
