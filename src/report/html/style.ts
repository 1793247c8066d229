/** The colours by their use: paper, ink, lines, one accent, and one for each kind of standing. */
const LIGHT = `
  color-scheme: light;
  --paper: #fdfdfb; --raised: #f5f5f1; --ink: #1c1f23; --soft: #565c64; --line: #dddcd5; --accent: #0b5c6b;
  --good: #1d6b43; --bad: #a8281e; --odd: #8a5200; --pale: #6a7078;`;
const DARK = `
  color-scheme: dark;
  --paper: #15181b; --raised: #1e2226; --ink: #e8e7e2; --soft: #a6abb2; --line: #343a40; --accent: #72c2d0;
  --good: #74c79a; --bad: #f2938a; --odd: #e2b05c; --pale: #989ea6;`;

/**
 * The whole style of an HTML report, for its one style element. Light is how it prints as well; a table that is wider than the
 * page scrolls within itself; nothing moves, and nothing is told by a colour alone.
 */
export const STYLE = `
:root {${LIGHT}
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) { :root {${DARK} } }
*, ::before, ::after { box-sizing: border-box; }
html { font: 100%/1.5 var(--sans); background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; overflow-wrap: anywhere; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
code, pre { font-family: var(--mono); font-size: .8125rem; }
p, ul, ol, dl, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1, h2, h3, h4, h5 { margin: 0; line-height: 1.25; font-weight: 650; text-wrap: balance; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--paper); z-index: 1; }
.skip:focus { left: .5rem; top: .5rem; }
.page { max-width: 78rem; margin: 0 auto; padding: 0 1rem 4rem; }
main { min-width: 0; }

.contents { padding: 1rem 0; border-bottom: 1px solid var(--line); font-size: .875rem; }
.contents ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.contents a { color: var(--soft); text-decoration: none; }
.contents a:hover { color: var(--accent); text-decoration: underline; }
.count { color: var(--bad); font-size: .8125rem; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }

.head { padding: 2.5rem 0 2rem; }
.over { color: var(--soft); font-size: .875rem; }
h1 { font-size: clamp(1.625rem, 1.2rem + 2.2vw, 2.5rem); letter-spacing: -.02em; line-height: 1.12; margin: .375rem 0 .75rem; max-width: 24em; }
.lead { color: var(--soft); }
.notice, .asides li { margin-top: 1rem; padding: .625rem .875rem; border-left: 3px solid var(--odd); background: var(--raised); font-size: .9375rem; max-width: 46rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.25rem; margin-top: 1.75rem; }
.figures dt { color: var(--soft); font-size: .8125rem; }
.figures dd { margin: 0; font-size: 1.375rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.figures small { display: block; font-size: .8125rem; font-weight: 400; letter-spacing: 0; color: var(--soft); }
.bar { margin-top: 1.75rem; max-width: 46rem; }
.bar svg { display: block; width: 100%; height: .625rem; border-radius: 2px; }
.bar ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: .5rem; font-size: .875rem; color: var(--soft); }
.bar b { color: var(--ink); font-variant-numeric: tabular-nums; }
.bar li::before { content: ""; display: inline-block; width: .625rem; height: .625rem; border-radius: 2px; margin-right: .4rem; background: var(--c); }
.bar rect { fill: var(--c); }
.contradicts, .fails { --c: var(--bad); }
.unstable { --c: var(--odd); }
.undecided, .stale { --c: var(--pale); }
.unproven { --c: var(--line); }
.fine { --c: var(--good); }

h2 { font-size: 1.375rem; letter-spacing: -.01em; }
h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
section { scroll-margin-top: 1rem; }
#human, .suite, .about { border-top: 1px solid var(--line); padding: 2rem 0 .5rem; }
.suite { padding-top: 2.5rem; margin-top: 2rem; border-top: 2px solid var(--ink); }
.about p { max-width: 46rem; margin-top: .75rem; color: var(--soft); font-size: .9375rem; }
.calm { margin-top: .5rem; color: var(--good); font-weight: 600; }
.waiting { margin-top: 1rem; color: var(--soft); }
.beside { font-size: .875rem; color: var(--soft); }
.quiet { color: var(--soft); font-weight: 400; }
.look > li { padding: .75rem 0; border-top: 1px solid var(--line); }
.look > li:first-child { border-top: 0; padding-top: .25rem; }
.sub, .pages, .note { color: var(--soft); font-size: .875rem; }
.sub { margin-top: .25rem; }
.note { margin-top: .5rem; }

.legend { margin: 1.5rem 0 0; color: var(--soft); font-size: .875rem; }
.legend ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: .25rem; }
.days { display: block; width: 100%; max-width: 300px; height: 16px; }
.days.mark { display: inline-block; width: 4px; vertical-align: -3px; margin-right: .25rem; }
.days path { fill: none; stroke-dasharray: 4 1; stroke: var(--line); stroke-width: 1; }
.days .passed { stroke: var(--good); stroke-width: 15; }
.days .failed { stroke: var(--bad); stroke-width: 5; }
.days .mixed { stroke: var(--odd); stroke-width: 8; }
.days .undecided { stroke: var(--pale); stroke-width: 3; }
.days .earlier { stroke-opacity: .4; }

.scroll { overflow-x: auto; margin-top: .5rem; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
table { width: 100%; min-width: 46rem; border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
th, td { padding: .625rem 1rem .625rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: .8125rem; font-weight: 500; white-space: nowrap; }
tbody th { font-weight: 600; min-width: 11rem; }
td.seen { font-size: .875rem; }
.why { color: var(--soft); font-size: .8125rem; min-width: 18rem; }
.why p + p { margin-top: .25rem; }
.needs a { text-decoration-color: var(--line); }
td small { color: var(--soft); }
.left { color: var(--soft); }
.ago { color: var(--soft); white-space: nowrap; }
td .ago { display: block; }

.claim { padding: 1rem 0; border-top: 1px solid var(--line); scroll-margin-top: .5rem; }
.claims { margin-left: -1rem; padding-left: 1rem; }
.large .claims { content-visibility: auto; contain-intrinsic-size: auto 100rem; }
.large .claim { content-visibility: auto; contain-intrinsic-size: auto 6rem; }
.claims > :first-child { border-top: 0; }
.claim:target { background: var(--raised); box-shadow: 0 0 0 .75rem var(--raised); }
.line { display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem 2rem; }
h4 { font-size: 1rem; font-weight: 600; text-wrap: pretty; }
h4 a { color: inherit; text-decoration: none; }
h4 a:hover { text-decoration: underline; }
.id { color: var(--soft); }
.stand { font-size: .875rem; }
.stand + .stand { margin-top: .5rem; }
.stand .days { margin-top: .25rem; }
.stand em { font-style: normal; font-weight: 600; color: var(--bad); }
.stand em::before { content: "· "; }
.undecided .stand em { color: var(--odd); }
.stand span, .seen { color: var(--soft); }
.seen { font-size: .8125rem; margin-top: .125rem; }
p.seen span + span::before, p.seen time + span::before, p.seen code + span:not(:empty)::before { content: "· "; }
.word, .verdict, .cell { font-weight: 650; }
.holds, .pass { color: var(--good); }
.broken, .fail { color: var(--bad); }
b.unstable, .decided { color: var(--odd); }
b.stale, b.unproven, .inconclusive, .as-said { color: var(--soft); }
.claim.contradicts, .claim.fails, .claim.unstable, .claim.undecided { border-left: 3px solid var(--c); padding-left: .875rem; margin-left: -1rem; }
.more { margin-top: .5rem; }
.because, .said { font-size: .8125rem; color: var(--soft); max-width: 52rem; }
.said { margin-top: .25rem; }
.cases { margin-top: .5rem; font-size: .8125rem; }
.cases .word { display: inline-block; min-width: 4.75rem; }
.findings { margin: .5rem 0; font-size: .875rem; }
.findings li { padding-left: .75rem; border-left: 2px solid var(--bad); }
.findings li + li { margin-top: .5rem; }
.findings dl { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); gap: 0 .75rem; margin-top: .25rem; }
.findings dt { color: var(--soft); }
.findings dd { margin: 0; white-space: pre-wrap; }
.findings .actual { font-weight: 600; }

details { margin-top: .625rem; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); }
summary { padding: .5rem .75rem; cursor: pointer; font-size: .875rem; border-radius: 6px; }
summary:hover { background: var(--raised); }
.when { color: var(--soft); }
.exhibit { padding: .25rem .75rem 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
.exhibit > * { margin-top: .625rem; }
h5 { font-size: .8125rem; color: var(--soft); font-weight: 600; }
.exhibit > h5 { margin-top: 1.125rem; }
pre { margin: .375rem 0 0; padding: .75rem; background: var(--raised); border-radius: 4px; white-space: pre-wrap; line-height: 1.45; }
.status { font-weight: 600; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .5rem 1.5rem; }
.facts dt { color: var(--soft); font-size: .8125rem; }
.facts dd { margin: 0; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; }
figure { display: flex; gap: .75rem; align-items: flex-start; }
figcaption { font-size: .8125rem; color: var(--soft); min-width: 0; max-width: 20rem; }
figcaption b { color: var(--ink); font-weight: 600; }
.copy, .frame { flex: none; display: block; max-width: 50vw; border-radius: 2px; background: var(--raised) 0 0 / 100% 100%; height: auto; }
.frame path { fill: none; stroke: var(--pale); }

@media (min-width: 60rem) {
  .page { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 3.5rem; padding: 0 2rem 6rem; }
  .contents { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 3rem 0 2rem; border: 0; }
  .contents ul { flex-direction: column; gap: .5rem; }
  .contents .count { display: block; }
  .line { grid-template-columns: minmax(0, 1fr) 300px; }
}
@media print {
  @page { margin: 16mm 14mm; }
  html { font-size: 80%; }
  .contents, .skip { display: none; }
  .page { max-width: none; padding: 0; display: block; }
  .head { padding-top: 0; }
  .scroll { overflow: visible; }
  table { min-width: 0; font-size: .8125rem; }
  th, td { padding-right: .625rem; }
  tbody th, .why { min-width: 0; }
  thead { display: table-header-group; }
  tr, figure, .findings li, .line { break-inside: avoid; }
  h2, h3, h4, h5, summary { break-after: avoid; }
  .large .claims, .large .claim { content-visibility: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .bar svg, .days, .bar li::before, .copy, pre, .notice { print-color-adjust: exact; }
  a { color: inherit; text-decoration: none; }
}
`
  .replaceAll(/\n\s*/g, '\n')
  .trim();
