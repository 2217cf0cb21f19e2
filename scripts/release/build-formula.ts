import { formatDownloadUrl, repository } from "./repository.ts";
import { findTarget, formatArchiveName } from "./targets.ts";

/** sha256 of an archive in hex, by the archive's name. */
export type Digests = ReadonlyMap<string, string>;

/** @throws Error for an archive that was not built */
export function findDigest(digests: Digests, archiveName: string): string {
  const digest = digests.get(archiveName);
  if (digest === undefined) {
    throw new Error(`${archiveName} has no checksum`);
  }
  return digest;
}

/** The lines that name one archive, indented as they stand in the formula. */
function formatSource(targetName: string, version: string, digests: Digests): string {
  const archive = formatArchiveName(findTarget(targetName), version);
  return [
    `      url "${formatDownloadUrl(version)}/${archive}"`,
    `      sha256 "${findDigest(digests, archive)}"`,
  ].join("\n");
}

/**
 * Builds the Homebrew formula. Source: Homebrew's Formula Cookbook.
 * @returns the text of `claude-proxy.rb`
 */
export function buildFormula(version: string, digests: Digests): string {
  const source = (targetName: string) => formatSource(targetName, version, digests);
  return `class ClaudeProxy < Formula
  desc "Run Claude Code with any OpenAI-compatible model"
  homepage "${repository}"
  version "${version}"
  license "MIT"

  livecheck do
    url :stable
    strategy :github_latest
  end

  on_macos do
    on_arm do
${source("macos-arm64")}
    end
    on_intel do
${source("macos-x64")}
    end
  end

  on_linux do
    on_arm do
${source("linux-arm64")}
    end
    on_intel do
${source("linux-x64")}
    end
  end

  def install
    bin.install "claude-proxy"
    doc.install "README.md", "THIRD-PARTY-NOTICES.txt", ".env.example"
  end

  def caveats
    <<~EOS
      Put your settings into this file before you start the service (an example is in #{doc}/.env.example):
        macOS  ~/Library/Application Support/claude-proxy/.env
        Linux  ~/.config/claude-proxy/.env
    EOS
  end

  service do
    run [opt_bin/"claude-proxy", "serve"]
    keep_alive crashed: true
    log_path var/"log/claude-proxy.log"
    error_log_path var/"log/claude-proxy.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/claude-proxy --version")
    # One streamed request with a tool through the proxy; needs no key and no network.
    assert_match "message_stop", shell_output("#{bin}/claude-proxy demo --once --port 0")
  end
end
`;
}
