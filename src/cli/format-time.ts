/** Local time without milliseconds: `2026-11-24 02:11:05`. */
export function formatTime(time: Date): string {
  return time.toLocaleString("sv-SE");
}
