import { dirname } from "node:path";
import { encodeInstallRecord } from "./install-record.ts";
import { listServiceArguments, type ServicePlan, stopSeconds } from "./service-plan.ts";

/** Quotes one word for a unit file: `%` would be a specifier, and a backslash the beginning of an escape. */
function quoteWord(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`;
}

/**
 * Quotes an argument of a command line, where `$` would be a variable. systemd expands no variables in the program
 * itself.
 */
function quoteArgument(text: string): string {
  return quoteWord(text).replaceAll("$", "$$$$");
}

/**
 * Builds the systemd user unit of the proxy. Source: systemd.unit(5), systemd.service(5), systemd.exec(5).
 * @returns the text of the unit file; it contains no key
 */
export function buildSystemdUnit(plan: ServicePlan): string {
  const command = [quoteWord(plan.programPath), ...listServiceArguments(plan).map(quoteArgument)].join(" ");
  const environment = Object.entries(plan.environment).map(
    ([name, value]) => `Environment=${quoteWord(`${name}=${value}`)}`,
  );
  // Without a configuration file there is nothing to read anew, and the signal would end the proxy.
  const reload = plan.configFile === null ? "" : "ExecReload=/bin/kill -HUP $MAINPID\n";
  const writable = new Set([dirname(plan.logFilePath), plan.stateFolder]);
  return `# Written by \`claude-proxy service install\`; \`claude-proxy service uninstall\` removes it.
# ${encodeInstallRecord(plan)}
[Unit]
Description=claude-proxy, which runs Claude Code with any OpenAI-compatible model
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=main
ExecStart=${command}
${reload}${environment.map((line) => `${line}\n`).join("")}Restart=on-failure
RestartSec=2
# Exit code 2 is a fault in the settings, which trying again does not mend.
RestartPreventExitStatus=2
TimeoutStopSec=${stopSeconds}
KillMode=mixed
UMask=0077

# No key stands here: the proxy reads it from the file of settings.
# CapabilityBoundingSet=, PrivateDevices= and ProtectKernelModules= are missing because a user manager may not change
# capabilities (status=218/CAPABILITIES); MemoryDenyWriteExecute= because JavaScript is compiled while it runs.
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${[...writable].map(quoteWord).join(" ")}
ProtectControlGroups=yes
ProtectKernelTunables=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=default.target
`;
}
