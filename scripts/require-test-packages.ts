// Installs the Debian packages whose programs some tests try, and which those leave out where they are missing: the
// servers whose configurations docs/operations.md has, and the linter of shell scripts.
import { requirePackages } from "./release/smoke/debian-packages.ts";

// nginx and HAProxy are where only root's PATH looks.
await requirePackages(
  ["nginx-light", "haproxy", "shellcheck"],
  ["/usr/sbin/nginx", "/usr/sbin/haproxy", "shellcheck"],
);
