/** One event of a stream, as it was on the wire. */
export interface WireEvent {
  /** Its name; null if it has none. */
  readonly name: string | null;
  readonly data: string;
}

/** Whether a text looks like a stream of events and not like JSON. */
export function isEventStream(text: string): boolean {
  return /^\s*(?:event|data|id|retry)?:/.test(text.slice(0, 200));
}

/** The events of a stream; the last one may be cut. */
export function parseEvents(text: string): WireEvent[] {
  const events: WireEvent[] = [];
  let name: string | null = null;
  let data: string[] = [];
  const end = () => {
    if (data.length > 0) events.push({ name, data: data.join("\n") });
    name = null;
    data = [];
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === "") end();
    else if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
    else if (line.startsWith("event:")) name = line.slice(6).trim();
  }
  end();
  return events;
}
