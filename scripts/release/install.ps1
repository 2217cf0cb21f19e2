# Installs claude-proxy for the user who runs it, without administrator rights:
#   irm https://github.com/claude-proxy/claude-proxy/releases/latest/download/install.ps1 | iex
# Settings, all optional:
#   $env:CLAUDE_PROXY_VERSION       the version to install, for example 0.1.0; otherwise the newest
#   $env:CLAUDE_PROXY_INSTALL_DIR   where the program goes; otherwise %LOCALAPPDATA%\Programs\claude-proxy
#   $env:CLAUDE_PROXY_DOWNLOAD_URL  where archives and checksums.txt are; otherwise the project's releases

function Get-ClaudeProxyTarget {
    $processor = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
    switch ($processor) {
        'AMD64' { return 'windows-x64' }
        'ARM64' { return 'windows-arm64' }
        default { throw "There is no build for the processor $processor." }
    }
}

function Get-ClaudeProxyUrl {
    $repository = 'https://github.com/claude-proxy/claude-proxy'
    if ($env:CLAUDE_PROXY_DOWNLOAD_URL) { return $env:CLAUDE_PROXY_DOWNLOAD_URL }
    if ($env:CLAUDE_PROXY_VERSION) { return "$repository/releases/download/v$env:CLAUDE_PROXY_VERSION" }
    return "$repository/releases/latest/download"
}

function Install-ClaudeProxy {
    $ErrorActionPreference = 'Stop'
    # The progress bar of Windows PowerShell 5 makes a download ten times slower.
    $ProgressPreference = 'SilentlyContinue'
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

    $target = Get-ClaudeProxyTarget
    $url = Get-ClaudeProxyUrl
    $folder = if ($env:CLAUDE_PROXY_INSTALL_DIR) { $env:CLAUDE_PROXY_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\claude-proxy' }
    $program = Join-Path $folder 'claude-proxy.exe'
    $work = Join-Path ([IO.Path]::GetTempPath()) "claude-proxy-$([Guid]::NewGuid())"
    New-Item -ItemType Directory -Path $work | Out-Null
    try {
        $list = Join-Path $work 'checksums.txt'
        Invoke-WebRequest -UseBasicParsing -Uri "$url/checksums.txt" -OutFile $list
        $pattern = "^([0-9a-f]{64})  (claude-proxy-[0-9A-Za-z.+-]+-$target\.zip)$"
        $found = Select-String -Path $list -Pattern $pattern | Where-Object { $_.Line -like "*claude-proxy-$env:CLAUDE_PROXY_VERSION*" } | Select-Object -First 1
        if (-not $found) { throw "The release at $url has no archive for $target." }
        $expected = $found.Matches[0].Groups[1].Value
        $name = $found.Matches[0].Groups[2].Value

        $archive = Join-Path $work $name
        Invoke-WebRequest -UseBasicParsing -Uri "$url/$name" -OutFile $archive
        $actual = (Get-FileHash -Algorithm SHA256 -LiteralPath $archive).Hash.ToLowerInvariant()
        if ($actual -ne $expected) {
            throw "$name is not what was released, so it is not installed. Expected $expected, got $actual."
        }

        $unpacked = Join-Path $work 'unpacked'
        Expand-Archive -LiteralPath $archive -DestinationPath $unpacked
        $installed = & (Join-Path $unpacked 'claude-proxy.exe') --version
        if ($LASTEXITCODE -ne 0) { throw 'The program does not start here.' }

        New-Item -ItemType Directory -Force -Path $folder | Out-Null
        if (Test-Path -LiteralPath $program) {
            # A program that is running cannot be replaced, but it can be renamed.
            $old = "$program.old"
            Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
            if (Test-Path -LiteralPath $old) { $old = "$program.$([Guid]::NewGuid()).old" }
            Move-Item -LiteralPath $program -Destination $old
        }
        Move-Item -LiteralPath (Join-Path $unpacked 'claude-proxy.exe') -Destination $program
    }
    finally {
        Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    }

    Write-Output "claude-proxy $installed is installed: $program"
    $command = 'claude-proxy'
    if (($env:Path -split ';') -notcontains $folder) {
        $command = "& '$program'"
        Write-Output 'To run it by its name, put its folder on your PATH, then open a new terminal:'
        Write-Output "  [Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';$folder', 'User')"
    }
    Write-Output 'See it work, without a key:'
    Write-Output "  $command demo"
    Write-Output 'Then put in your settings and serve:'
    Write-Output "  $command serve"
}

Install-ClaudeProxy
