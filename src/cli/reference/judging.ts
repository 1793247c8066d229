import { CACHE_FILE, GITHUB, KEYS, LEDGER_FILES, type Page, PROJECT_FILES } from './page.ts';

/** The verbs that send, or tell what would be sent. */
export const JUDGING = {
  run: {
    about: [
      'Sends the requests of the claims that are selected, all that are not superseded if none is, to a target; judges the answers; and keeps each as evidence in the ledger before the next is sent. Cases with equal requests share one. Against the target `mock`, which is the default, it is a *rehearsal*: a gateway in the same process answers, no key is needed, nothing is paid, and no word of a page changes.',
      'What contradicts the docs is printed first (last, where more than a screen stands behind it), with the line of the expectation, what it expected, and what came. Then what could not be told, each with its cause (`assay help causes`), and what was left out, each with its reason.',
      'No run spends more than the `budget` of its target: requests are reserved at their worst price before they are sent. What it may cost on a live target is said first; above `confirmAboveUsd` of that, whoever sits at a terminal is asked (`--yes` answers beforehand, and where nobody can be asked it begins and says so). Ctrl-C ends a run in order; `--resume` goes on with it, or with one that was killed.',
    ],
    ends: {
      0: 'every planned case was decided, and nothing contradicts the docs; or nothing was `--due`',
      1: 'a claim contradicts the docs; with `--compare`, the sides differ',
      3: 'nothing contradicts, but a case stayed undecided (see `--tolerate-undecided`), no case was run at all, or the ledger cannot be written',
      130: 'interrupted, and what was known is written; or not begun, because somebody was asked and did not say yes',
    },
    files: [...PROJECT_FILES, ...LEDGER_FILES, CACHE_FILE],
    environment: [...KEYS, GITHUB],
    shows: 'One claim, with the control that it waits for, against the mock.',
    more: [
      {
        command: 'assay run --with refs.limit=20',
        shows: 'All claims, against a mock that accepts 20 reference images: the claim notices.',
        ends: 1,
      },
      {
        command: 'assay run --target local --format json',
        shows:
          'All claims against the live target `local`; one JSON document, `assay.run.v1`, on stdout.',
      },
      {
        command: 'assay run first/size/resolution=1K',
        shows: 'One case of a claim that varies.',
      },
      {
        command: 'assay run --due --target local',
        shows: 'What needs evidence, and nothing else: right after a run, nothing does.',
      },
      {
        command: 'assay run --compare mock@2026-03-30 mock@2026-04-14 first',
        shows: 'The same claims in two worlds of the mock, side by side.',
        ends: 1,
      },
    ],
    see: [
      'plan',
      'explain',
      'status',
      'judge',
      'causes',
      'targets',
      'nightly',
      'sides',
      'resuming',
    ],
  },
  watch: {
    about: [
      'Rehearses all that is selected, then with each save what was edited, its controls, and what failed or was undecided last: by what a case sends and expects, so that a comment runs nothing. A mistake in what is being typed is shown as `lint` shows it, until it is right. The mock goes on between saves, a save during a run ends that and begins anew, and nothing is kept: no evidence, no ledger.',
      'On a terminal it takes keys: `r` runs all, `f` what failed, Enter the same again, `q` or Ctrl-D ends. Elsewhere it reads no input, and writes plain lines. A live target is refused.',
    ],
    ends: { 0: 'it was ended with `q`', 130: 'it was ended with Ctrl-C' },
    files: [...PROJECT_FILES, ['suites/known.yaml', 'the known contradictions, if there are any']],
    shows: 'One suite, for as long as it is being written.',
    exampleEnds: null,
    see: ['lint', 'run', 'mock'],
  },
  plan: {
    about: [
      'Lists what `run` would send, in its order: each request with the cases that share it, how often it may be sent, and what it may cost at worst; then what would be left out, each with its reason. It takes the same selectors and options, and sends nothing to a live target.',
    ],
    ends: { 0: 'there is something to run, or nothing is `--due`', 3: 'nothing would be run' },
    files: [...PROJECT_FILES, ...LEDGER_FILES, CACHE_FILE],
    shows: 'What a run against `production` would send and cost, without its key.',
    more: [
      {
        command: 'assay plan --due --target local',
        shows: 'What is due, why, and until when the rest is not.',
      },
    ],
    see: ['run', 'nightly', 'targets'],
  },
  discover: {
    about: [
      'Searches the real limit of a claim that says `discover`: first in growing strides from the documented edge, then by halves, and in the end both sides of the edge once more. What it may cost is said before anything is sent. All probes are evidence, but no word rests on one unless its value is a case of the claim.',
    ],
    ends: {
      0: 'the documented limit is the real one',
      1: 'it is another one, or the edge is not sharp',
      3: 'something else than accepted or rejected came, or the budget was spent, before it was known',
      130: 'interrupted, or not begun, because somebody was asked and did not say yes',
    },
    files: [...PROJECT_FILES, ...LEDGER_FILES],
    environment: KEYS,
    shows: 'The limit of the mock, where the docs have it.',
    more: [
      {
        command: 'assay discover nano-banana-2/refs.within-limit --with refs.limit=17',
        shows: 'A mock that accepts 17 where the docs say 14.',
        ends: 1,
      },
    ],
    see: ['run', 'limits'],
  },
  judge: {
    about: [
      'Judges the stored exchanges again by the suites of today, with no network, and lists which verdicts would be other ones. A body that was cut when it was stored cannot be judged again (*cut*).',
    ],
    ends: {
      0: 'something was decided, and nothing contradicts the docs',
      1: 'by the suites of today, what is stored contradicts the docs',
      3: 'nothing was decided, or the ledger is broken',
    },
    files: [...PROJECT_FILES, ...LEDGER_FILES],
    shows: 'What the suites of today say of the stored answers.',
    see: ['run', 'explain', 'causes'],
  },
  mock: {
    about: [
      'Stands alone as a gateway on 127.0.0.1 until it is ended, for suites that are tried as they would be against a live target. A *world* is what the gateway did on some day; a *behaviour* is one way in which it misbehaves. It hosts images and references on a second port, and keeps a purse, whose access token it prints.',
    ],
    ends: { 0: 'it was ended' },
    shows: 'A gateway of 2026-03-30 that takes 13 reference images where 14 are documented.',
    exampleEnds: null,
    more: [{ command: 'assay mock --list', shows: 'Every world, and every way to misbehave.' }],
    see: ['run', 'purse', 'references'],
  },
} satisfies Record<string, Page>;
