import { CACHE_FILE, GITHUB, LEDGER_FILES, type Page, PROJECT_FILES } from './page.ts';

/** The verbs that say what the ledger tells; none of them sends a request to a target. */
export const SAYING = {
  status: {
    about: [
      'Prints the status tables of the suites as the evidence has them today: each row with its word, its standing, and *because*, the evidence that it rests on or what is missing. Only live evidence counts; `--rehearsal` tells what the tables would say if the rehearsals were live.',
      'It names runs that were killed, what one retest of everything would cost, and warns of overrides that have expired.',
    ],
    ends: { 0: 'it was told', 3: 'the ledger is broken' },
    files: [...PROJECT_FILES, ...LEDGER_FILES, CACHE_FILE],
    shows: 'What the tables would say by the rehearsals.',
    more: [
      { command: 'assay status first', shows: 'The tables of one suite, by live evidence.' },
      {
        command: 'assay status --now 2026-06-30 --format markdown',
        shows: 'What they will say on a later day, if nothing is run until then.',
      },
    ],
    see: ['docs', 'explain', 'gate', 'tables', 'causes'],
  },
  report: {
    about: [
      'Tells a run of the ledger again, the newest or the one that is named, in the words in which it told itself; nothing is sent, and nothing but the ledger is read. `--format` says how it is printed; `--report FORMAT=FILE,…` writes files beside that, each whole or not at all, and is taken by `run` as well.',
    ],
    ends: {
      0: 'it was told, whatever the run had found',
      3: 'the file of the run is broken, or a report cannot be written',
    },
    files: [...PROJECT_FILES, ...LEDGER_FILES],
    environment: [GITHUB],
    shows: 'The newest run, as test runners and CI read it.',
    more: [
      {
        command: 'assay report --report junit=out/assay.xml,csv=out/assay.csv',
        shows: 'The newest run on the screen, and as two files.',
      },
    ],
    see: ['run', 'status', 'explain', 'reports', 'causes'],
  },
  docs: {
    about: [
      'Holds the tables of the pages themselves against the evidence. `--check` shows each cell that differs, with its *because*; `--write` writes the words into the cells that the suites own, and leaves every other byte of the pages as it is. A table of whose rows no live run has decided anything is left alone.',
    ],
    ends: {
      0: 'the pages say what the evidence says, or were made to',
      1: 'a cell differs (`--check`)',
      3: 'nothing differs, but nothing is decided of some table; or the ledger is broken',
    },
    files: [
      ...PROJECT_FILES,
      ...LEDGER_FILES.slice(0, 1),
      ['PAGES', 'the folder that the `page` of each suite is below (`--pages`)'],
    ],
    shows: 'The one cell of the page that differs.',
    exampleEnds: 1,
    more: [
      {
        command: 'assay docs first --pages docs --write',
        shows: 'The word in its cell, and nothing else changed.',
      },
    ],
    see: ['status', 'explain', 'tables'],
  },
  gate: {
    about: [
      'Tells from the ledger alone whether a release keeps what the docs promise: *open*, *shut* or *unknown*, with each reason, its evidence, and the `assay run` that would bring what is missing. `--against` names a target that it must not fall behind; without it, the target is held against its own past.',
      "What fails for now with somebody's knowledge stands in `known.yaml`. An entry that has expired, or that agrees with the docs by now, shuts the gate; `--prune` takes the latter out.",
    ],
    ends: { 0: 'open', 1: 'shut', 3: 'unknown' },
    files: [
      ...PROJECT_FILES,
      ['suites/known.yaml', 'the list of known contradictions (`--known`)'],
      ...LEDGER_FILES,
    ],
    shows: 'Whether `local` keeps what the docs promise.',
    more: [
      {
        command: 'assay gate --target local --against production',
        shows: 'The same, held against production: unknown while nothing was run there.',
        ends: 3,
      },
      {
        command: 'assay gate --target local --pages docs --format markdown',
        shows:
          'For the comment on a pull request; and quoted sentences are looked for in the pages.',
      },
    ],
    see: ['run', 'status', 'diff', 'gates'],
  },
  notify: {
    about: [
      'Posts to a webhook which words of the tables have changed since it was last told, each once: page by page, with the reason and the evidence. The first time, all words are taken as known and nothing is sent. Where nobody knows whether a message has arrived, that is said, and it is not sent again of itself: `--arrived` takes it as told, `--again` sends it once more.',
    ],
    ends: {
      0: 'everything is told',
      3: 'a change could not be told, or nobody knows whether it has arrived',
      130: 'interrupted',
    },
    files: [
      ...PROJECT_FILES,
      ...LEDGER_FILES.slice(0, 1),
      ['reports/told', 'what was told, one file for each webhook; it belongs into git'],
    ],
    environment: [
      ['NAME', 'the address of the webhook, where `--url` says `env:NAME`; the same of `--sign`'],
    ],
    shows: 'What is told for the first time is taken as known.',
    more: [
      {
        command: 'assay notify --to slack --url env:SLACK_WEBHOOK --dry-run',
        shows: 'What would be told; nothing is sent or remembered.',
      },
    ],
    see: ['status', 'diff', 'telling'],
  },
  explain: {
    about: [
      'Tells what a claim says, where it is documented, how it stands on each target and why, and each piece of its evidence: the request, the answer, its verdict with findings, what was charged. A `curl` command repeats the request, with the name of the variable where the key would be.',
    ],
    ends: { 0: 'it was told', 3: 'the ledger is broken' },
    files: [...PROJECT_FILES, ...LEDGER_FILES],
    shows: 'All that is known of one claim.',
    more: [
      {
        command: 'assay explain first/size/resolution=2K',
        shows: 'All that is known of one case.',
      },
    ],
    see: ['run', 'judge', 'causes', 'vocabulary'],
  },
  diff: {
    about: [
      'Tells from the ledger which words, standings and cases changed between two days (or instants), two runs or two git revisions, the first evidence that says something else, and the suspects: what that evidence carries and the one before did not. A day is as known at its end; `rev:NAME` is a revision whatever its name looks like.',
    ],
    ends: {
      0: 'nothing changed',
      1: 'something changed',
      3: 'it cannot be told: something is not known on both sides, or the ledger is broken',
    },
    files: [...PROJECT_FILES, ...LEDGER_FILES],
    shows: 'What the ledger said on one day, and on the other.',
    see: ['run', 'explain', 'gate', 'sides'],
  },
} satisfies Record<string, Page>;
