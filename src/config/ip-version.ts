// `node:net` has these two, but comes with sockets and streams: a start is a tenth longer for them.

const byte = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const fourBytes = new RegExp(`^${byte}(?:\\.${byte}){3}$`);
/** A zone of an address, such as `%eth0`. */
const zone = /%[\w.:-]+$/;

/** Whether the text is an IPv4 address. */
export function isIPv4(text: string): boolean {
  return fourBytes.test(text);
}

/** Whether the text is an IPv6 address, without brackets. */
export function isIPv6(text: string): boolean {
  const address = text.replace(zone, "");
  return /^[\da-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`);
}
