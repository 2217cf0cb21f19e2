import type { FileConfig } from "../../src/config/file-config.ts";
import type { UpstreamSettings } from "../../src/config/upstream-settings.ts";

/** Upstreams with these names and short names of models, and otherwise with nothing set; `settings` changes them all. */
export function upstreamsOf(
  names: Readonly<Record<string, Readonly<Record<string, string>>>>,
  settings: Partial<UpstreamSettings> = {},
): FileConfig["upstreams"] {
  return new Map(
    Object.entries(names).map(([name, models]): [string, UpstreamSettings] => [
      name,
      {
        name,
        baseUrl: `https://${name}.example/v1`,
        protocol: "auto",
        addressProtocol: null,
        profile: "auto",
        keys: [],
        passesClientKey: false,
        headers: {},
        body: {},
        connectSeconds: null,
        firstByteSeconds: null,
        idleSeconds: null,
        usualLimits: { firstByte: true, idle: true },
        concurrency: null,
        httpProxy: null,
        ca: null,
        models: new Map(Object.entries(models)),
        ...settings,
      },
    ]),
  );
}
