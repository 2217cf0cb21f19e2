import { encodeXmlText } from "./encode-xml-text.ts";
import { encodeInstallRecord } from "./install-record.ts";
import { listServiceArguments, type ServicePlan } from "./service-plan.ts";

/** The name by which Windows knows the task. */
export const taskName = "claude-proxy";

/**
 * Quotes one word for the command line parsing of Windows programs. Source: Microsoft's C run-time library, "Parsing C
 * command-line arguments". Paths of Windows cannot contain a quote, so only a closing backslash matters.
 */
function quoteWord(text: string): string {
  return `"${text.replace(/(\\+)$/, "$1$1")}"`;
}

/**
 * Builds the scheduled task that starts the proxy when its user logs on. A console program would show a window for as
 * long as it runs; `conhost --headless` gives it a console without one. Source: Task Scheduler schema 1.3.
 * @param user `DOMAIN\name` of the user who installs it
 * @returns the text of the file, with CRLF line breaks; it contains no key
 */
export function buildScheduledTask(plan: ServicePlan, user: string): string {
  const words = ["--headless", ...[plan.programPath, ...listServiceArguments(plan)].map(quoteWord)];
  const xml = `<?xml version="1.0" encoding="UTF-16"?>
<!-- Written by "claude-proxy service install"; "claude-proxy service uninstall" removes it. -->
<!-- ${encodeInstallRecord(plan)} -->
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Runs Claude Code with any OpenAI-compatible model.</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>${encodeXmlText(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${encodeXmlText(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>5</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>%SystemRoot%\\System32\\conhost.exe</Command>
      <Arguments>${encodeXmlText(words.join(" "))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
  return xml.replaceAll("\n", "\r\n");
}
