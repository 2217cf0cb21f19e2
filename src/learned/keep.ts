/** Of each kind; the oldest are dropped first. Model ids and session ids come from clients. */
const maxEntries = 500;

/** Stores an entry as the newest one, and drops the oldest if there are more than `most`. */
export function keep<Value>(map: Map<string, Value>, key: string, value: Value, most = maxEntries): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
