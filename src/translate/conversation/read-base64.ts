/** Data as the client's wire has it. */
interface Base64Source {
  media_type: string;
  data: string;
}

/** Whether a text is a data URL, however its scheme is spelt. */
export function isDataUrl(text: string): boolean {
  return /^data:/i.test(text);
}

/**
 * The data of a source: without the line breaks that some clients put in, and without the head of a data URL that some
 * tools hand over as the data. The media type of that head counts, as it was written beside the data.
 */
export function readBase64({ media_type, data }: Base64Source): Base64Source {
  const bare = /\s/.test(data) ? data.replace(/\s+/g, "") : data;
  const comma = isDataUrl(bare) ? bare.slice(0, longestHead).indexOf(",") : -1;
  if (comma === -1) return { media_type, data: bare };
  const [named = "", ...parameters] = bare.slice("data:".length, comma).split(";");
  if (parameters.at(-1)?.toLowerCase() !== "base64") return { media_type, data: bare };
  return { media_type: named === "" ? media_type : named.toLowerCase(), data: bare.slice(comma + 1) };
}

/** Characters of `data:image/png;base64,` and the longest of its kin. */
const longestHead = 200;
