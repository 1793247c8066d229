import type { ReceiverName } from '../domain/delivery.ts';
import { DURATION } from '../domain/duration.ts';
import { shardOf } from '../domain/shard.ts';
import { whenMs } from './when.ts';

// The same everywhere: a verb without a use for the ledger or the clock takes them too, so that a script says the same to all.

/** Where the suites are. */
const SUITES = { suites: { value: 'DIR', meaning: 'the folder of suites (suites)' } };
/** Where the targets are. */
const TARGETS = {
  targets: { value: 'FILE', meaning: 'the targets (targets.yaml in the folder of suites)' },
};
/** Where the ledger is. */
export const LEDGER = {
  ledger: {
    value: 'DIR',
    meaning: 'the ledger (reports/ledger; for rehearsals reports/rehearsals)',
  },
};
/** The clock. */
export const NOW = {
  now: {
    value: 'TIME',
    meaning: 'the time that is taken for now (that of the clock)',
    takes: {
      what: 'a day or an instant with its zone, as in 2026-03-30 or 2026-03-30T12:00:00Z',
      isRight: (text: string) => whenMs(text) !== undefined,
    },
  },
};
/** How it is printed: one of these formats. */
export const FORMAT = (...formats: readonly string[]) => {
  const [first = '', ...others] = formats;
  const what = `${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}`;
  const isRight = (text: string) => formats.includes(text);
  const meaning = `${first} unless it is ${others.join(' or ')}`;
  return { format: { value: 'FORMAT', meaning, values: formats, takes: { what, isRight } } };
};
/** What a run is reported as. */
export const REPORT_FORMATS = [
  'json',
  'csv',
  'markdown',
  'junit',
  'ctrf',
  'github',
  'prometheus',
  'html',
] as const;
/** Which reports of a run are written, beside what is printed. */
export const REPORT = {
  report: {
    value: 'FORMAT=FILE,…',
    meaning: `write reports of the run as well: ${REPORT_FORMATS.join(', ')}`,
    values: REPORT_FORMATS,
    isList: true,
  },
};
/** What an option takes whose value is a secret. */
export const VARIABLE = {
  what: 'env:NAME, the name of a variable: what it holds is a secret',
  isRight: (text: string) => /^env:\w+$/.test(text),
};
/** Who can be told. */
export const RECEIVERS: readonly ReceiverName[] = ['slack', 'feishu', 'json'];
/** Whether a text is an address of the web. */
export const isWebUrl = (text: string) => /^https?:$/.test(URL.parse(text)?.protocol ?? '');
/** What an option takes that is a port. */
export const PORT = {
  what: 'a number from 0 to 65535',
  isRight: (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
};
/** The world of a rehearsal. */
export const WORLD = {
  world: {
    value: 'DATE',
    meaning: "the mock world to rehearse in (each suite's own)",
  },
};
/** What every verb takes that looks at evidence. */
export const EVIDENCE = { ...SUITES, ...TARGETS, ...LEDGER, ...NOW };

/** What every verb takes that makes a plan. */
export const PLANNING = {
  ...SUITES,
  ...TARGETS,
  target: {
    value: 'NAME',
    meaning: 'who is judged (mock); mock@DATE names its world',
  },
  ...WORLD,
  ...NOW,
};

/** What scripts say, of which nobody can ask anything. */
export const YES = { yes: { meaning: 'begin without asking, whatever it may cost' } };

/** What narrows a plan to what needs evidence, or to a part of it. */
export const DUE = {
  due: { meaning: 'only what needs evidence, by what the tables gain' },
  within: {
    value: 'DURATION',
    meaning: 'due as well what turns stale within this time (24h)',
    takes: { what: 'a duration, as in 24h', isRight: (text: string) => DURATION.test(text) },
  },
  shard: {
    value: 'I/N',
    meaning: 'only this part of N, with its part of the budget',
    takes: { what: 'a part, as in 1/3', isRight: (text: string) => shardOf(text) !== undefined },
  },
};

/** How the mock misbehaves. */
export const FAULTS = {
  value: 'FAULT,…',
  meaning: 'how the mock misbehaves (assay mock --list)',
  isList: true,
};

/** Whether a text is a number of probes, from 1 to 1000. */
export function isProbeCount(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1000;
}
