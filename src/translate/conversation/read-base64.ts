/** Data in the form of the client's wire. */
interface Base64Source {
  media_type: string;
  data: string;
}

/** Whether a text is a data URL, in whatever case its scheme is written. */
export function isDataUrl(text: string): boolean {
  return /^data:/i.test(text);
}

/**
 * The data of a source, without the line breaks that some clients insert, and without the head if a tool passed a data
 * URL. The media type of that head counts, because it was written together with the data.
 */
export function readBase64({ media_type, data }: Base64Source): Base64Source {
  const bare = /\s/.test(data) ? data.replace(/\s+/g, "") : data;
  const comma = isDataUrl(bare) ? bare.slice(0, longestHead).indexOf(",") : -1;
  if (comma === -1) return { media_type, data: bare };
  const [named = "", ...parameters] = bare.slice("data:".length, comma).split(";");
  if (parameters.at(-1)?.toLowerCase() !== "base64") return { media_type, data: bare };
  return { media_type: named === "" ? media_type : named.toLowerCase(), data: bare.slice(comma + 1) };
}

/** Characters of `data:image/png;base64,` and of the longest similar head. */
const longestHead = 200;
