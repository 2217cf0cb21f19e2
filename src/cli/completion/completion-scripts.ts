/** The shells for which there is a script. */
export type CompletedShell = "bash" | "zsh" | "fish" | "powershell";

// Every script asks the program with each press of the key, so that it knows no more than how its shell is answered. It
// asks the one on the PATH, never the one that was typed: a key that runs a program of the current folder would be a
// trap. The word at which the user is begins with +, because PowerShell 5 leaves out an empty word.

/** Also for bash 3.2, which macOS has. It takes the word apart at `=`, so only what stands behind it is answered. */
const bash = `_claude_proxy() {
  local current=\${COMP_WORDS[COMP_CWORD]} line word
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      if type compopt >/dev/null 2>&1; then compopt -o filenames; fi
      [[ $current == = ]] && current=
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("$line")
    fi
  done < <(command claude-proxy completion bash -- "\${before[@]}" "+$current" 2>/dev/null)
}
complete -F _claude_proxy claude-proxy
`;

const zsh = `#compdef claude-proxy
_claude_proxy() {
  local line
  local -a found shown
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compset -P '--*='
      _files
      return
    fi
    found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done < <(command claude-proxy completion zsh -- "\${(@)words[2,CURRENT-1]}" "+\${words[CURRENT]}" 2>/dev/null)
  (( \${#found} )) && compadd -l -d shown -a found
}
if [[ "\${funcstack[1]}" == _claude_proxy ]]; then
  _claude_proxy "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _claude_proxy claude-proxy
fi
`;

const fish = `function __claude_proxy_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    for line in (command claude-proxy completion fish -- $before[2..-1] "+$current" 2>/dev/null)
        if test "$line" = :files
            set -l typed (string match -r -- '^--[a-z-]+=' "$current")
            for path in (__fish_complete_path (string replace -r -- '^--[a-z-]+=' '' "$current"))
                echo -- "$typed$path"
            end
        else
            echo -- $line
        end
    end
end
complete -c claude-proxy -f -a '(__claude_proxy_complete)'
`;

const powershell = `Register-ArgumentCompleter -Native -CommandName claude-proxy, claude-proxy.exe -ScriptBlock {
    param($current, $tree, $cursor)
    $before = @($tree.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.Extent.Text })
    $program = Get-Command claude-proxy -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if (-not $program) { return }
    & $program completion powershell '--' @before "+$current" 2>$null | ForEach-Object {
        if ($_ -eq ':files') {
            $typed = if ($current -match '^--[a-z-]+=') { $Matches[0] } else { '' }
            $path = $current.Substring($typed.Length)
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($path) | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new(
                    $typed + $_.CompletionText, $_.ListItemText, $_.ResultType, $_.ToolTip)
            }
        } else {
            $word, $description = $_ -split "\`t", 2
            if (-not $description) { $description = $word }
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $description)
        }
    }
}
`;

/** The script for each shell, which asks the program what may stand where the user is. */
export const completionScripts: Readonly<Record<CompletedShell, string>> = { bash, zsh, fish, powershell };
