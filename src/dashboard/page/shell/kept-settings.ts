/** A setting of this browser; null if there is none, or the browser keeps nothing for this page. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(`claude-proxy-${name}`);
  } catch {
    return null;
  }
}

/** Keeps a setting in this browser; where it keeps nothing the setting lasts as long as the page. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`claude-proxy-${name}`, value);
  } catch {
    return;
  }
}
