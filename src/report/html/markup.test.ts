import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutTo, joined, markup } from './markup.ts';

test('markup put into a template stays, and any text is escaped', () => {
  const bold = markup`<b>${'1 < 2 & "3"'}</b>`;
  expect(markup`<p title="${`it's`}">${bold}${[7, undefined, ' > ']}</p>`.html).toBe(
    '<p title="it&#39;s"><b>1 &lt; 2 &amp; &quot;3&quot;</b>7 &gt; </p>',
  );
});

test('a template can be laid out in lines, and a text keeps its own', () => {
  const made = markup`<ul>
    <li>${'a\n  b'}</li>
  </ul>`;
  expect(made.html).toBe('<ul><li>a\n  b</li></ul>');
});

test('what a terminal would obey, what turns a line round and what is no character at all is spelled or replaced', () => {
  const text = 'a\u0000b\u001b[2Jc\u202ed\ud800e\ufffe';
  expect(markup`${text}`.html).toBe('a\\u0000b\\u001b[2Jc\\u202ed\ufffde\ufffd');
});

test('no text leaves the place that it was put into', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { html } = markup`${text}`;
      expect(html).not.toMatch(/[<>"']/);
      expect(html.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      expect(html.isWellFormed()).toBe(true);
    }),
  );
});

test('parts are joined, and long texts cut', () => {
  expect(markup`${joined(['a', markup`<i>b</i>`, 'c'], ', ')}`.html).toBe('a, <i>b</i>, c');
  expect(cutTo('abc', 3)).toBe('abc');
  expect(cutTo('abcd', 3)).toBe('abc…');
});
