import type { Command } from "commander";
import { type ClientFlags, readProxyFlags } from "../config/config-flags.ts";
import { createHelpText } from "../help-texts.ts";
import type { Terminal } from "../terminal.ts";

interface DashboardFlags extends ClientFlags {
  /** False with `--no-open`. */
  readonly open: boolean;
}

async function showDashboard(flags: DashboardFlags, terminal: Terminal): Promise<void> {
  const { getCurrentPlace } = await import("../../config/current-place.ts");
  const { loadAddress } = await import("../../config/load-address.ts");
  const { formatLocalUrl } = await import("../ask-proxy.ts");
  const { askForLink } = await import("../dashboard/ask-for-link.ts");
  const { openBrowser } = await import("../dashboard/open-browser.ts");
  const { selectClientKey } = await import("../dashboard/select-client-key.ts");
  const address = await loadAddress(readProxyFlags(flags));
  const question = "Whose requests do you want to see? Run: claude-proxy dashboard --client NAME";
  const key = selectClientKey(address, flags.client, question);
  const link = await askForLink(formatLocalUrl(address), key);
  terminal.stdout(`${link}\n`);
  if (link.includes("code=")) terminal.stderr("The link works for one minute, and once.\n");
  if (flags.open && !(await openBrowser(link, getCurrentPlace()))) {
    terminal.stderr("No browser could be opened here: open the address yourself.\n");
  }
}

/** Adds `claude-proxy dashboard`, which opens the page of the running proxy. */
export function addDashboardCommand(program: Command, terminal: Terminal): void {
  program
    .command("dashboard")
    .description("Open the page that shows what the running proxy does and has done, and what it cost")
    .option("--no-open", "Only print the address")
    .option("--client <name>", "See what this client of the configuration file may see")
    .option("--port <value>", "Port of the proxy (PORT; default: 8080)")
    .option("--env-file <path>", "Read this .env file and no other")
    .option("--config <path>", "Read this configuration file and no other")
    .addHelpText("before", "Example: claude-proxy dashboard --no-open\n")
    .addHelpText("after", createHelpText(terminal, composeNotes))
    .action((flags: DashboardFlags) => showDashboard(flags, terminal));
}

function composeNotes(): string {
  return (
    "A proxy without client keys shows the page to everybody on this machine. With PROXY_API_KEY or clients, the " +
    "address holds a code that opens the page for 12 hours: PROXY_API_KEY shows all requests, the key of a client " +
    "shows its own."
  );
}
