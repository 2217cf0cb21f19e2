/** A data URL with the header of a PNG of that size, and nothing behind it. */
export function pngUrl(width: number, height: number): string {
  const bytes = Buffer.alloc(24);
  bytes.write("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return `data:image/png;base64,${bytes.toString("base64")}`;
}
