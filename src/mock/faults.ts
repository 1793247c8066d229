import type { Behaviour } from './behaviour.ts';
import { draw } from './chance.ts';
import { type BehaviourName, BEHAVIOURS, KINDS } from './behaviours.ts';

/** One behaviour set to a value, for one subject or for all; several values are taken in turn, one a generation. */
export interface Fault {
  readonly name: BehaviourName;
  readonly subject?: string;
  readonly values: readonly string[];
  /** By chance, in this share of the generations; in all if absent. */
  readonly rate?: number;
}

/** How the gateway behaves now: the value of a behaviour for any of these subjects. */
export type Ask = (name: BehaviourName, ...subjects: readonly string[]) => string;

/** Reads `name=value`, `name.subject=value`, `name=value|value` or `name=value@0.1`; or the sentence that says what is wrong with it. */
export function parseFault(text: string): Fault | string {
  const equals = text.indexOf('=');
  if (equals < 1) return `"${text}" is no behaviour: write name=value, as in refs.limit=13`;
  const left = text.slice(0, equals).trim();
  const { right, rate } = rated(text.slice(equals + 1).trim());
  const names = Object.keys(BEHAVIOURS) as BehaviourName[];
  const name =
    names.find((known) => known === left) ?? names.find((known) => left.startsWith(`${known}.`));
  if (name === undefined) return `unknown behaviour "${left}"${didYouMean(left, names)}`;
  const behaviour: Behaviour = BEHAVIOURS[name];
  const subject = left === name ? undefined : left.slice(name.length + 1);
  if (subject !== undefined && !fits(subject, behaviour.subjects ?? [])) {
    const nearest = [...(behaviour.subjects ?? []).map((one) => `${name}.${one}`), ...names];
    return `unknown behaviour "${left}"${didYouMean(left, nearest)}`;
  }
  const values = right.split('|').map((value) => value.trim());
  const wrong = values.find((value) => !fits(value, behaviour.values));
  if (wrong !== undefined) {
    return `"${wrong}" is no value of ${name} (${behaviour.values.join(', ')})${didYouMean(wrong, behaviour.values)}`;
  }
  return {
    name,
    ...(subject !== undefined && { subject }),
    values,
    ...(rate !== undefined && { rate }),
  };
}

/** `value@0.1`: the value, and the share of generations that have it. */
function rated(text: string): { readonly right: string; readonly rate?: number } {
  const [, right, rate] = /^(.+)@(0\.\d{1,6})$/.exec(text) ?? [];
  return right === undefined ? { right: text } : { right: right.trim(), rate: Number(rate) };
}

/** Puts faults, in order, over what is honest: the last one that fits the subject wins, and has its turn if it comes by chance. */
export function behaveAs(faults: readonly Fault[]): (turn: number) => Ask {
  const lastFirst = Map.groupBy(faults.toReversed(), (fault) => fault.name);
  const [seed = BEHAVIOURS.seed.honest] = lastFirst.get('seed')?.[0]?.values ?? [];
  const comes = ({ name, subject = '', rate = 1 }: Fault, turn: number): boolean =>
    rate === 1 || draw(seed, `${name}.${subject}`, turn) < rate;
  return (turn) =>
    (name, ...subjects) => {
      const fault = lastFirst
        .get(name)
        ?.find(
          (one) =>
            (one.subject === undefined || subjects.includes(one.subject)) && comes(one, turn),
        );
      return fault?.values[turn % fault.values.length] ?? BEHAVIOURS[name].honest;
    };
}

function fits(word: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => (KINDS[one] ? KINDS[one].test(word) : one === word));
}

function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .filter((one) => KINDS[one] === undefined && !one.includes('<'))
    .map((one) => ({ one, distance: editDistance(word, one) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= Math.max(2, word.length / 2)
    ? `; did you mean "${near.one}"?`
    : '; assay mock --list names them all';
}

/** Levenshtein's distance, by one row of its table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
