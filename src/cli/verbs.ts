import type { Asked, Option } from './arguments.ts';
import type { ExitCode, Output, Refused } from './output.ts';
import {
  DUE,
  EVIDENCE,
  FAULTS,
  FORMAT,
  LEDGER,
  NOW,
  PLANNING,
  PORT,
  RECEIVERS,
  REPORT,
  REPORT_FORMATS,
  VARIABLE,
  WORLD,
  YES,
  isProbeCount,
  isWebUrl,
} from './options.ts';
import { toleratedShare } from './tolerated.ts';

/** What a verb does with what was asked. */
type Command = (asked: Asked, output: Output) => Promise<ExitCode | Refused>;

/** A verb of the command line; its code is loaded only when it is asked for. */
export interface Verb {
  readonly words: string;
  readonly summary: string;
  readonly example: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly load: () => Promise<Command>;
}

const all = {
  run: {
    words: '[SELECTOR …] | --resume [RUN] | --compare TARGET TARGET [SELECTOR …]',
    summary: 'send the requests of the claims, judge the answers, keep both',
    example: 'assay run first/refs.over-limit',
    options: {
      ...PLANNING,
      ...LEDGER,
      ...FORMAT('terminal', 'json', 'csv'),
      ...REPORT,
      ...DUE,
      ...YES,
      compare: {
        meaning: 'the same claims on two targets at once, side by side',
      },
      'keep-images': { meaning: 'keep the images of the answers, for the HTML report' },
      resume: { meaning: 'go on with a run that was cut short, or the newest' },
      with: FAULTS,
      'tolerate-undecided': {
        value: 'N%',
        meaning: 'exit 0 with up to this share undecided (0%)',
        takes: {
          what: 'a share, as in 10%',
          isRight: (text) => toleratedShare(text) !== undefined,
        },
      },
    },
    load: async () => (await import('./commands/run.ts')).run,
  },
  watch: {
    words: '[SELECTOR …]',
    summary: 'rehearse again, with each save, what was edited and what failed; keeps nothing',
    example: 'assay watch first',
    options: { ...PLANNING, ...LEDGER, with: FAULTS },
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  plan: {
    words: '[SELECTOR …]',
    summary: 'list what a run would send, at what cost, and what it leaves out',
    example: 'assay plan --target production',
    options: { ...PLANNING, ...LEDGER, ...FORMAT('terminal', 'json'), ...DUE },
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  discover: {
    words: 'CLAIM',
    summary: 'search the real limit of a claim, against the documented one',
    example: 'assay discover nano-banana-2/refs.within-limit',
    options: {
      ...PLANNING,
      ...LEDGER,
      ...FORMAT('terminal', 'json'),
      ...YES,
      ...REPORT,
      'max-probes': {
        value: 'N',
        meaning: 'end after so many probes (as many as the range can take)',
        takes: { what: 'a number from 1 to 1000', isRight: isProbeCount },
      },
      'budget-usd': {
        value: 'USD',
        meaning: "spend at most so much, within the target's budget",
        takes: {
          what: 'an amount of US dollars, as in 0.5',
          isRight: (text) => /^\d{1,6}(\.\d{1,6})?$/.test(text),
        },
      },
      with: FAULTS,
    },
    load: async () => (await import('./commands/discover.ts')).discover,
  },
  report: {
    words: '[RUN]',
    summary: 'tell a run of the ledger again, the newest or the one named',
    example: 'assay report --format junit',
    options: {
      ...EVIDENCE,
      ...FORMAT('terminal', ...REPORT_FORMATS),
      ...REPORT,
    },
    load: async () => (await import('./commands/report.ts')).report,
  },
  status: {
    words: '[SUITE …]',
    summary: 'print the status tables as the evidence has them, and why',
    example: 'assay status --rehearsal',
    options: {
      ...EVIDENCE,
      ...FORMAT('terminal', 'markdown', 'json', 'csv', 'prometheus', 'html'),
      rehearsal: { meaning: 'what the tables would say if the rehearsals were live' },
      ...WORLD,
    },
    load: async () => (await import('./commands/status.ts')).status,
  },
  docs: {
    words: '[SUITE …]',
    summary: "hold the pages' tables against the evidence, or write into them",
    example: 'assay docs first --pages docs --check',
    options: {
      ...EVIDENCE,
      ...FORMAT('terminal', 'json'),
      pages: { value: 'DIR', meaning: 'the folder that the pages of the suites are below' },
      check: { meaning: 'show each cell that differs, and exit 1 if one does' },
      write: { meaning: 'write the words into the cells, and leave every other byte' },
    },
    load: async () => (await import('./commands/docs.ts')).docs,
  },
  gate: {
    words: '[SELECTOR …]',
    summary: 'tell from the evidence whether a release keeps the promises',
    example: 'assay gate --target local',
    options: {
      ...EVIDENCE,
      ...FORMAT('terminal', 'markdown', 'json'),
      target: { value: 'NAME', meaning: 'the target to be judged' },
      against: { value: 'NAME', meaning: 'the target that it must not fall behind' },
      known: {
        value: 'FILE',
        meaning: 'the list of known contradictions (known.yaml in the folder of suites)',
      },
      pages: { value: 'DIR', meaning: 'look for the quoted sentences in the pages below it' },
      prune: { meaning: 'take entries out of the list that were exercised, and agree' },
    },
    load: async () => (await import('./commands/gate.ts')).gate,
  },
  notify: {
    words: '[SUITE …]',
    summary: 'post to a webhook which words have changed, each once',
    example: 'assay notify --to slack --url env:SLACK_WEBHOOK',
    options: {
      ...EVIDENCE,
      ...FORMAT('terminal', 'json'),
      to: {
        value: 'RECEIVER',
        meaning: 'slack, feishu (Lark too) or json',
        values: RECEIVERS,
        takes: {
          what: 'slack, feishu or json',
          isRight: (text) => RECEIVERS.some((name) => name === text),
        },
      },
      url: {
        value: 'env:NAME',
        meaning: 'the variable that holds the address of the webhook',
        takes: VARIABLE,
      },
      sign: {
        value: 'env:NAME',
        meaning: 'the variable that holds the secret of a bot of Feishu that asks for a signature',
        takes: VARIABLE,
      },
      'pages-url': {
        value: 'URL',
        meaning: 'where the pages stand, for links to them',
        takes: { what: 'a URL, as in https://docs.example.com', isRight: isWebUrl },
      },
      'dry-run': { meaning: 'print what would be told; send and remember nothing' },
      again: { meaning: 'send once more what nobody knows to have arrived' },
      arrived: { meaning: 'take that as told instead: somebody has looked' },
      'allow-private': {
        meaning: 'the webhook may be on this machine or its network, and http',
      },
    },
    load: async () => (await import('./commands/notify.ts')).notify,
  },
  explain: {
    words: 'CLAIM',
    summary: 'tell what a claim says, how it stands, and each evidence of it',
    example: 'assay explain first/refs.over-limit',
    options: { ...EVIDENCE },
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  diff: {
    words: 'A B [SUITE …]',
    summary: 'tell what changed between two days, runs or git revisions',
    example: 'assay diff 2026-03-30 2026-04-14',
    options: {
      ...EVIDENCE,
      ...FORMAT('terminal', 'json'),
      rehearsal: { meaning: 'what the rehearsals say, each suite in the world of its day' },
      ...WORLD,
    },
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  judge: {
    words: '[SELECTOR …]',
    summary: 'judge the stored exchanges again, with no network',
    example: 'assay judge first',
    options: { ...EVIDENCE, ...FORMAT('terminal', 'json') },
    load: async () => (await import('./commands/judge.ts')).judge,
  },
  ledger: {
    words: 'verify | drop RUN',
    summary: 'walk the hash chain of every run, or end one that was killed',
    example: 'assay ledger verify',
    options: { ...LEDGER, ...NOW },
    load: async () => (await import('./commands/ledger.ts')).ledger,
  },
  mock: {
    words: '',
    summary: 'stand alone as a gateway to rehearse against',
    example: 'assay mock --world 2026-03-30 --port 4000 --with refs.limit=13',
    options: {
      ...WORLD,
      port: { value: 'PORT', meaning: 'where it listens, on 127.0.0.1 (4000)', takes: PORT },
      'hosting-port': {
        value: 'PORT',
        meaning: 'where it hosts images and references (the port + 10)',
        takes: PORT,
      },
      with: { value: 'FAULT,…', meaning: 'how it misbehaves', isList: true },
      list: { meaning: 'name the worlds and the behaviours' },
    },
    load: async () => (await import('./commands/mock.ts')).mock,
  },
  lint: {
    words: '',
    summary: 'name every problem in suites and targets, and empty claims',
    example: 'assay lint --suites suites',
    options: { ...EVIDENCE },
    load: async () => (await import('./commands/lint.ts')).lint,
  },
  schema: {
    words: '',
    summary: 'print the JSON Schema with which editors complete suites',
    example: 'assay schema > suites/suite.schema.json',
    options: {},
    load: async () => (await import('./commands/schema.ts')).schema,
  },
  init: {
    words: '[DIR]',
    summary: 'write a first suite, targets, a page and workflows',
    example: 'assay init claims --url https://api.example.com',
    options: {
      url: { value: 'URL', meaning: 'where your gateway is, for the target production' },
    },
    load: async () => (await import('./commands/init.ts')).init,
  },
  workflow: {
    words: '[NAME]',
    summary: 'print a file that has GitHub, GitLab, cron or systemd run it',
    example: 'assay workflow github-nightly',
    options: {},
    load: async () => (await import('./commands/workflow.ts')).workflow,
  },
  completions: {
    words: 'bash | zsh | fish',
    summary: 'print what completes the command line in a shell',
    example: 'assay completions bash',
    options: {},
    load: async () => (await import('./commands/completions.ts')).completions,
  },
  help: {
    words: '[VERB | TOPIC]',
    summary: 'tell all of a verb, or what a topic is about',
    example: 'assay help targets',
    options: FORMAT('terminal', 'markdown', 'man'),
    load: async () => (await import('./commands/help.ts')).help,
  },
} satisfies Readonly<Record<string, Verb>>;

/** What can be asked for. */
export type VerbName = keyof typeof all;

/** Every verb, in the order in which help lists them. */
export const verbs: Readonly<Record<string, Verb>> = all;
