import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { createTar } from "nanotar";
import { ZipFile } from "yazl";

export interface ArchiveFile {
  readonly name: string;
  readonly data: Uint8Array;
  readonly isProgram: boolean;
}

const gzipInBackground = promisify(gzip);

function mode({ isProgram }: ArchiveFile): string {
  return isProgram ? "755" : "644";
}

/** Two empty blocks. The library leaves only as much empty as is left of its last record, which may be less. */
const tarEnd = Buffer.alloc(1024);

/**
 * Packs files into a `.tar.gz`. The same files and time give the same bytes: owner, order and header hold nothing of
 * the machine.
 * @param folder the folder in which the files are
 * @param time what every file's time is said to be
 */
export async function buildTarGz(
  files: readonly ArchiveFile[],
  folder: string,
  time: Date,
): Promise<Uint8Array> {
  const attrs = { uid: 0, gid: 0, user: "root", group: "root", mtime: time.getTime() };
  const tar = createTar(
    files.map((file) => ({
      name: `${folder}/${file.name}`,
      data: file.data,
      attrs: { ...attrs, mode: mode(file) },
    })),
  );
  return await gzipInBackground(Buffer.concat([tar, tarEnd]), { level: 9 });
}

/** The same figures on the clock of this place. The zip format's times are local ones, without a zone. */
function moveToLocalZone(time: Date): Date {
  return new Date(
    time.getUTCFullYear(),
    time.getUTCMonth(),
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
  );
}

/** Packs files into a `.zip`, as exactly as `buildTarGz`, without a folder: Scoop wants the files on top. */
export async function buildZip(files: readonly ArchiveFile[], time: Date): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const file of files) {
    zip.addBuffer(Buffer.from(file.data), file.name, {
      mtime: moveToLocalZone(time),
      mode: Number.parseInt(`100${mode(file)}`, 8),
      compressionLevel: 9,
      forceDosTimestamp: true,
    });
  }
  zip.end();
  return await buffer(zip.outputStream);
}
