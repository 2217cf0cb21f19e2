import type { MiddlewareHandler } from "hono";

/**
 * What a browser may do with the page, which shows what models said. It runs no code and loads nothing but our own
 * files, is shown in no other page, and tells no other server of itself.
 */
const protection: Readonly<Record<string, string>> = {
  // guard: content policy of the dashboard; without it: "default-src *"
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  // guard: dashboard in no frame; without it: ""
  "x-frame-options": "DENY",
  // guard: no guessed types in the dashboard; without it: ""
  "x-content-type-options": "nosniff",
  // guard: no referrer of the dashboard; without it: ""
  "referrer-policy": "no-referrer",
  // guard: dashboard in a window of its own; without it: "unsafe-none"
  "cross-origin-opener-policy": "same-origin",
  // guard: dashboard read by no other site; without it: "cross-origin"
  "cross-origin-resource-policy": "same-origin",
  // guard: no devices for the dashboard; without it: ""
  "permissions-policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), " +
    "microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()",
  // guard: dashboard in no cache; without it: "max-age=60"
  "cache-control": "no-store",
};

/** Puts these headers on every answer below `/dashboard`, also on refusals. */
export function protectDashboard(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(protection)) c.res.headers.set(name, value);
  };
}
