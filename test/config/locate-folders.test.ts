import { expect, test } from "bun:test";
import { locateConfigFolder, locateLogFolder, type Place } from "../../src/config/locate-folders.ts";

const places: [string, Place, string, string][] = [
  [
    "Linux",
    { platform: "linux", homeDir: "/home/me", env: {} },
    "/home/me/.config/claude-proxy",
    "/home/me/.local/state/claude-proxy",
  ],
  [
    "Linux with XDG folders",
    { platform: "linux", homeDir: "/home/me", env: { XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "/s" } },
    "/c/claude-proxy",
    "/s/claude-proxy",
  ],
  [
    "Linux with relative XDG folders, which would be another place in every folder",
    { platform: "linux", homeDir: "/home/me", env: { XDG_CONFIG_HOME: ".", XDG_STATE_HOME: "" } },
    "/home/me/.config/claude-proxy",
    "/home/me/.local/state/claude-proxy",
  ],
  [
    "macOS",
    { platform: "darwin", homeDir: "/Users/me", env: { XDG_CONFIG_HOME: "/c" } },
    "/Users/me/Library/Application Support/claude-proxy",
    "/Users/me/Library/Logs/claude-proxy",
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
  ],
  [
    "Windows without its variables",
    { platform: "win32", homeDir: "C:\\Users\\me", env: {} },
    "C:\\Users\\me\\AppData\\Roaming\\claude-proxy",
    "C:\\Users\\me\\AppData\\Local\\claude-proxy\\logs",
  ],
];

test.each(places)("%s", (_name, place, configFolder, logFolder) => {
  expect([locateConfigFolder(place), locateLogFolder(place)]).toEqual([configFolder, logFolder]);
});
