// Installs the Debian packages whose programs some tests try, and which those leave out where they are missing: the
// servers whose configurations docs/operations.md has, the linter of shell scripts, the terminal in which questions are
// asked, the shells that complete commands, the database that several instances share, and the browser that shows the
// page.
import { existsSync } from "node:fs";
import { requirePackages } from "./release/smoke/debian-packages.ts";

// nginx and HAProxy are where only root's PATH looks.
await requirePackages(
  ["nginx-light", "haproxy", "shellcheck", "tmux", "zsh", "fish"],
  ["/usr/sbin/nginx", "/usr/sbin/haproxy", "shellcheck", "tmux", "zsh", "fish"],
);

// Its package would make a database of its own and start it.
await requirePackages(
  ["postgresql"],
  ["/usr/lib/postgresql/*/bin/initdb", "/usr/lib/postgresql/*/bin/postgres"],
  "mkdir -p /etc/postgresql-common/createcluster.d && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/no-main.conf",
);

// Some services bring a browser of their own, and the package of Ubuntu only points elsewhere.
if (!["/usr/bin/google-chrome", "/usr/bin/chromium"].some((path) => existsSync(path))) {
  await requirePackages(["chromium"], ["/usr/bin/chromium"]);
}
