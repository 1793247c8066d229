import { CACHE_FILE, LEDGER_FILES, type Page, PROJECT_FILES } from './page.ts';

/** The verbs that keep suites, ledger and command line in order. */
export const KEEPING = {
  ledger: {
    about: [
      '`verify` walks the hash chain of every run, in both ledgers unless `--ledger` names one, and names each run that has no end. `drop RUN` gives a run that was killed its end, so that nobody is told of it any more; what it found stays, and counts.',
    ],
    ends: { 0: 'every chain holds; the run was dropped', 3: 'a chain is broken' },
    files: LEDGER_FILES,
    shows: 'How many runs and how much evidence there is, all of it whole.',
    see: ['run', 'resuming'],
  },
  lint: {
    about: [
      'Names every problem in suites, targets and the list of known contradictions at once, each with its line. It warns of claims that an empty answer would pass, of charges that do not stand alone, of limits whose boundary no case touches, and of overrides and entries that have expired.',
    ],
    ends: { 0: 'there is no error' },
    files: [
      ...PROJECT_FILES,
      ['suites/known.yaml', 'the list of known contradictions'],
      CACHE_FILE,
    ],
    shows: 'How much there is, and that none of it is wrong.',
    see: ['schema', 'format', 'claims', 'expectations'],
  },
  schema: {
    about: [
      'Prints the JSON Schema of a suite on stdout. Editors with a YAML language server complete a suite that begins with `# yaml-language-server: $schema=./suite.schema.json`.',
    ],
    ends: { 0: 'it was printed' },
    shows: 'The file that editors read.',
    see: ['lint', 'format'],
  },
  init: {
    about: [
      'Writes a suite whose comments teach the format, targets, the page that it is about, the schema for editors and workflows into a folder, `.` if none is named. All or nothing: where a file of one of these names is there already and says something else, nothing is written.',
    ],
    ends: { 0: 'it was written, or is there already' },
    shows: 'A folder `claims` in which every example of this reference works.',
    see: ['run', 'lint', 'first-suite', 'install'],
  },
  workflow: {
    about: [
      'Prints a ready file that has Assay run by itself: at GitHub or GitLab, in cron, under systemd. Without a name it lists them. In each, the job that has the key of a target has no right to write to the repository, and the one that writes has no key.',
    ],
    ends: { 0: 'it was printed' },
    shows: 'The retest of each night at GitHub.',
    more: [{ command: 'assay workflow', shows: 'What there is.' }],
    see: ['init', 'run', 'gate', 'workflows'],
  },
  completions: {
    about: [
      'Prints a script that has a shell complete the command line of Assay: verbs, options, their values, targets, topics, and selectors as far as the cases of a claim. It asks `assay` itself at each press of the tab key, which looks through the folder of suites by its lines, runs nothing of it and sends nothing.',
      'For bash, put `source <(assay completions bash)` into `~/.bashrc`; for zsh, `source <(assay completions zsh)` into `~/.zshrc`, behind `compinit`; for fish, write it to `~/.config/fish/completions/assay.fish`. Where Assay is in the `node_modules` of a project, put their `.bin` into `PATH` first.',
    ],
    ends: { 0: 'it was printed' },
    files: PROJECT_FILES,
    shows: 'The script for bash.',
    more: [
      { command: 'assay completions fish', shows: 'The script for fish.' },
      {
        command: 'assay completions candidates fish "assay run fi"',
        shows: 'What the script is answered, to see what would be offered.',
      },
    ],
    see: ['help'],
  },
  help: {
    about: [
      'Prints the reference of a verb, or the section of the README that explains a topic; without either, the verbs and the topics. `--format markdown` and `man` print the same for a site and for `man -l`; without a verb, that of all verbs in one document.',
    ],
    ends: { 0: 'it was printed' },
    shows: 'What stands in `targets.yaml`.',
    more: [
      { command: 'assay help run', shows: 'The reference of a verb.' },
      { command: 'assay help causes', shows: 'What each verdict, cause, standing and word means.' },
      { command: 'assay help --format man', shows: 'The whole reference as a page for `man`.' },
    ],
    see: ['completions', 'vocabulary', 'causes'],
  },
} satisfies Record<string, Page>;
