import type { Candidate } from './candidates.ts';
import type { Typed } from './line.ts';

/** How a shell is told what may stand where the cursor is. */
interface Shell {
  /** What a user sources; it asks `assay completions candidates` at each press of the tab key. */
  readonly script: string;
  /** A candidate as one line of what the script reads. */
  readonly line: (candidate: Candidate, typed: Typed) => string;
}

/** Every shell that can complete. */
export const SHELLS: Readonly<Record<string, Shell>> = {
  bash: {
    script: `# Completes the command line of assay in bash: source <(assay completions bash)
_assay() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" completions candidates bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  # Something follows what ends so, and not a blank.
  if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -o bashdefault -o default -F _assay assay`,
    line: ({ text }, { quote, kept }) => {
      const rest = text.slice(kept);
      return quote === '' ? rest.replaceAll(/[^\w./=:,@%+-]/g, String.raw`\$&`) : rest;
    },
  },
  zsh: {
    script: `#compdef assay
# Completes the command line of assay in zsh: source <(assay completions zsh), behind compinit
_assay() {
  local -a found
  found=("\${(@f)$("\${words[1]}" completions candidates zsh "$LBUFFER" 2>/dev/null)}")
  if [[ -z "\${found[*]}" ]]; then
    _files
  else
    _describe -V assay found
  fi
}
compdef _assay assay`,
    line: ({ text, about }) =>
      [text, about].map((part) => part.replaceAll(/[\\:]/g, String.raw`\$&`)).join(':'),
  },
  fish: {
    script: `# Completes the command line of assay in fish: assay completions fish > ~/.config/fish/completions/assay.fish
function __assay_candidates
  set -l words (commandline -opc)
  set -l found ($words[1] completions candidates fish (commandline -cp | string collect) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c assay -f -a '(__assay_candidates)'`,
    line: ({ text, about }) => (about === '' ? text : `${text}\t${about}`),
  },
};
