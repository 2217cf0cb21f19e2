/** A value as JSON on many lines; in words if it is nested so deeply that a browser cannot write it. */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? "";
  } catch {
    return "This is nested too deeply to be shown on many lines. “As it was sent” shows it.";
  }
}
