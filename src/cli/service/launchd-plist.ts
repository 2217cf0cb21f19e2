import { posix } from "node:path";
import { encodeXmlText } from "./encode-xml-text.ts";
import { encodeInstallRecord } from "./install-record.ts";
import { listServiceArguments, type ServicePlan, stopSeconds } from "./service-plan.ts";

/** The name by which launchd knows the agent. */
export const launchdLabel = "com.github.claude-proxy";

/** The file for the agent's output if it cannot start; the log file has everything else. */
export function locateErrorFile(logFilePath: string): string {
  return posix.join(posix.dirname(logFilePath), "service-errors.log");
}

function encodeString(text: string): string {
  return `<string>${encodeXmlText(text)}</string>`;
}

/**
 * Builds the property list of the launchd agent. Source: launchd.plist(5).
 * @returns the text of the file; it contains no key
 */
export function buildLaunchdPlist(plan: ServicePlan): string {
  const words = [plan.programPath, ...listServiceArguments(plan)];
  const variables = Object.entries(plan.environment).map(
    ([name, value]) => `    <key>${encodeXmlText(name)}</key>\n    ${encodeString(value)}`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by "claude-proxy service install"; "claude-proxy service uninstall" removes it. -->
<!-- ${encodeInstallRecord(plan)} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  ${encodeString(launchdLabel)}
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    ${encodeString(word)}`).join("\n")}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join("\n")}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <!-- Seconds between two starts, so that a fault in the settings does not make it start over and over. -->
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ExitTimeOut</key>
  <integer>${stopSeconds}</integer>
  <!-- 0077 -->
  <key>Umask</key>
  <integer>63</integer>
  <!-- Anything else lets macOS slow it down while no window belongs to it. -->
  <key>ProcessType</key>
  <string>Interactive</string>
  <key>StandardOutPath</key>
  <string>/dev/null</string>
  <key>StandardErrorPath</key>
  ${encodeString(locateErrorFile(plan.logFilePath))}
</dict>
</plist>
`;
}
