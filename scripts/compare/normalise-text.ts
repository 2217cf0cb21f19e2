import { inflateRawSync } from "node:zlib";

/** Ids that the program makes at random: of requests, messages and tool uses. */
const madeId = /\b(req|msg|toolu|srvtoolu)_[0-9A-Za-z]{24}\b/g;

/** Signatures of the program: packed JSON, in which a made id of a tool use can stand. */
const envelope = /\bccp1\.([\w-]+)/g;

/** Members whose values are a time or a duration, and differ from run to run. */
const timedMembers =
  /"(time|started_at|uptime_seconds|durationMs|firstByteMs|tokensPerSecond)":(?:null|"[^"]*"|[-+.\deE]+)/g;

/** The header with the time of an answer. */
const dateHeader = /^date: .*$/gm;

/** The length of an answer with a time or with a packed id, which is shorter in one run than in another. */
const lengthHeader = /^content-length: .*$/gm;

/**
 * Takes out of a text all that differs between two runs of the same program: ids, of which only their order is kept, and
 * times. An id that stands in `given`, which is what client and upstream have said, was not made at random and stays.
 */
export function normaliseText(text: string, given: string): string {
  const numbers = new Map<string, number>();
  const numberIds = (part: string) =>
    part.replace(madeId, (id, prefix: string) => {
      if (given.includes(id)) return id;
      const number = numbers.get(id) ?? numbers.size + 1;
      numbers.set(id, number);
      return `${prefix}_#${number}`;
    });
  let hasOtherLength = false;
  const unpacked = text.replace(envelope, (packed, data: string) => {
    const content = unpack(data);
    if (content === null || numberIds(content) === content) return packed;
    hasOtherLength = true;
    return `ccp1 of ${numberIds(content)}`;
  });
  const timeless = numberIds(unpacked).replace(timedMembers, (_, name: string) => {
    hasOtherLength = true;
    return `"${name}":"#"`;
  });
  const normalised = timeless.replace(dateHeader, "date: #");
  return hasOtherLength ? normalised.replace(lengthHeader, "content-length: #") : normalised;
}

function unpack(data: string): string | null {
  try {
    return inflateRawSync(Buffer.from(data, "base64url")).toString("utf8");
  } catch {
    return null;
  }
}
