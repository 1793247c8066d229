import type { DayWord, TriedDay } from '../../domain/history.ts';
import { counted } from '../counted.ts';
import { type Markup, markup } from './markup.ts';
import { dayText } from './when.ts';

/** A day takes this much of a strip's width, the gap behind it included. */
const PITCH = 5;
const GAP = 1;
const HEIGHT = 16;

/** The middles of what stands for a word, from the top: a whole bar, a broken one, the lower half of one, a dash. */
const MIDDLES: Readonly<Record<DayWord, readonly number[]>> = {
  passed: [8],
  failed: [3, 13],
  mixed: [11.5],
  undecided: [8],
};

const WORDS = ['passed', 'failed', 'mixed', 'undecided'] as const;

/**
 * The history of a claim as a strip of days, the newest at the right. What came of a day is told by the shape of its mark as by
 * its colour, and all of it in words; a day on which nothing was tried has none.
 */
export function strip(tried: readonly TriedDay[], days: readonly string[]): Markup {
  const width = days.length * PITCH;
  const marks = WORDS.flatMap((word) =>
    [false, true].flatMap((isEarlier) => {
      const own = tried.filter(
        (one) => one.word === word && (one.isEarlier ?? false) === isEarlier,
      );
      const path = pathOf(word, own, days);
      const name = isEarlier ? `${word} earlier` : word;
      return path === '' ? [] : [markup`<path class="${name}" d="${path}"/>`];
    }),
  );
  const box = `0 0 ${width} ${HEIGHT}`;
  return markup`<svg class="days" viewBox="${box}" role="img" aria-label="${inWords(tried, days)}"><path d="M0 15.5h${width - GAP}"/>${marks}</svg>`;
}

/** Neighbouring days are one line, which its dashes cut into days. */
function pathOf(word: DayWord, marked: readonly TriedDay[], days: readonly string[]): string {
  const places = marked.map(({ day }) => days.indexOf(day)).filter((place) => place >= 0);
  let line = '';
  let end = 0;
  for (const place of places) {
    const isNext = line !== '' && place === end;
    const from = line === '' ? '' : `m${(place - end) * PITCH + GAP} 0`;
    line = isNext ? lengthened(line) : `${line}${from}h${PITCH - GAP}`;
    end = place + 1;
  }
  const [first] = places;
  if (first === undefined) return '';
  return MIDDLES[word].map((middle) => `M${first * PITCH} ${middle}${line}`).join('');
}

/** A line with one day more at its end. */
function lengthened(line: string): string {
  const at = line.lastIndexOf('h') + 1;
  return line.slice(0, at) + (Number(line.slice(at)) + PITCH);
}

/** `60 days: passed on 12 days, failed on 1; last 21 Nov 2026: failed`. */
function inWords(tried: readonly TriedDay[], days: readonly string[]): string {
  const last = tried.at(-1);
  const span = `${days.length} days`;
  if (last === undefined) return `${span}: not tried`;
  const counts = WORDS.flatMap((word) => {
    const { length } = tried.filter((one) => one.word === word);
    return length === 0 ? [] : [`${word} on ${counted(length, 'day')}`];
  });
  return `${span}: ${counts.join(', ')}; last ${dayText(last.day)}: ${last.word}${last.isEarlier ? ', worded otherwise' : ''}`;
}

const MEANINGS: Readonly<Record<DayWord, string>> = {
  passed: 'passed',
  failed: 'a case failed',
  mixed: 'trials differ',
  undecided: 'could not tell',
};

/** What the marks of a strip mean. */
export function legend(days: readonly string[]): Markup {
  const marks = WORDS.map((word) => markup`<li>${mark(word, word)} ${MEANINGS[word]}</li>`);
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const span = `${days.length} days of a claim, ${dayText(first)} to ${dayText(last)}`;
  return markup`<div class="legend">
    <p>Each strip is ${span}, the newest at the right:</p>
    <ul>${marks}<li>${mark('passed', 'passed earlier')} pale: worded otherwise than today</li></ul>
  </div>`;
}

function mark(word: DayWord, name: string): Markup {
  const width = PITCH - GAP;
  const path = MIDDLES[word].map((middle) => `M0 ${middle}h${width}`).join('');
  return markup`<svg class="days mark" viewBox="0 0 ${width} ${HEIGHT}" aria-hidden="true"><path class="${name}" d="${path}"/></svg>`;
}
