import { expect, test } from "bun:test";
import { posix } from "node:path";
import fc from "fast-check";
import {
  locateConfigFolder,
  locateLogFolder,
  locateRecord,
  locateStateFolder,
  type Place,
} from "../../src/config/locate-folders.ts";

const places: [string, Place, configFolder: string, logFolder: string, stateFolder: string][] = [
  [
    "Linux",
    { platform: "linux", homeDir: "/home/me", env: {} },
    "/home/me/.config/claude-proxy",
    "/home/me/.local/state/claude-proxy",
    "/home/me/.local/state/claude-proxy",
  ],
  [
    "Linux with XDG folders",
    { platform: "linux", homeDir: "/home/me", env: { XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "/s" } },
    "/c/claude-proxy",
    "/s/claude-proxy",
    "/s/claude-proxy",
  ],
  [
    "Linux below a unit of systemd that has folders for its state",
    {
      platform: "linux",
      homeDir: "/",
      env: { XDG_STATE_HOME: "/s", STATE_DIRECTORY: "/var/lib/a:/var/lib/b" },
    },
    "/.config/claude-proxy",
    "/s/claude-proxy",
    "/var/lib/a",
  ],
  [
    "Linux with a relative folder for its state",
    { platform: "linux", homeDir: "/home/me", env: { STATE_DIRECTORY: "state" } },
    "/home/me/.config/claude-proxy",
    "/home/me/.local/state/claude-proxy",
    "/home/me/.local/state/claude-proxy",
  ],
  [
    "Linux with relative XDG folders, which would be another place in every folder",
    { platform: "linux", homeDir: "/home/me", env: { XDG_CONFIG_HOME: ".", XDG_STATE_HOME: "" } },
    "/home/me/.config/claude-proxy",
    "/home/me/.local/state/claude-proxy",
    "/home/me/.local/state/claude-proxy",
  ],
  [
    "macOS",
    { platform: "darwin", homeDir: "/Users/me", env: { XDG_CONFIG_HOME: "/c", STATE_DIRECTORY: "/s" } },
    "/Users/me/Library/Application Support/claude-proxy",
    "/Users/me/Library/Logs/claude-proxy",
    "/Users/me/Library/Application Support/claude-proxy",
  ],
  [
    "Windows",
    {
      platform: "win32",
      homeDir: "C:\\Users\\me",
      env: { APPDATA: "D:\\Roaming", LOCALAPPDATA: "D:\\Local" },
    },
    "D:\\Roaming\\claude-proxy",
    "D:\\Local\\claude-proxy\\logs",
    "D:\\Local\\claude-proxy",
  ],
  [
    "Windows without its variables",
    { platform: "win32", homeDir: "C:\\Users\\me", env: {} },
    "C:\\Users\\me\\AppData\\Roaming\\claude-proxy",
    "C:\\Users\\me\\AppData\\Local\\claude-proxy\\logs",
    "C:\\Users\\me\\AppData\\Local\\claude-proxy",
  ],
];

test.each(places)("%s", (_name, place, configFolder, logFolder, stateFolder) => {
  expect([locateConfigFolder(place), locateLogFolder(place), locateStateFolder(place)]).toEqual([
    configFolder,
    logFolder,
    stateFolder,
  ]);
});

test("a path is joined as node:path joins it, however its folder is written", () => {
  const part = fc.constantFrom("home", "me", ".config", ".", "..", "", "a b", "...", ".x.", "é");
  const folder = fc.array(part, { maxLength: 5 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(folder, fc.boolean(), (name, isAbsolute) => {
      const homeDir = isAbsolute ? `/${name}` : name;
      const place: Place = { platform: "linux", homeDir, env: {} };
      expect(locateConfigFolder(place)).toBe(posix.join(homeDir, ".config", "claude-proxy"));
      expect(locateRecord(place)).toBe(posix.join(homeDir, ".local/state/claude-proxy/record.sqlite"));
    }),
  );
});
