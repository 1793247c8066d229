/** The first suite, whose comments teach the format. */
export const FIRST_SUITE = `# yaml-language-server: $schema=./suite.schema.json
# A suite holds what one docs page claims: each sentence with the request, and the answer that would show it false.
# This one is about a model that the mock gateway serves. Rehearse it, break it, then write your own beside it.
suite: first
page: first.md                  # below the folder that \`assay docs --pages\` names
rehearse: 2026-03-30            # the day of the mock gateway on which the page was true (\`assay mock --list\`)
documented: { as: holds, asserted: 2026-03-30 }   # the page promises it; or \`broken\`, it says that it fails; or \`open\`
cost: { usd: 0.05 }             # the worst that one request can cost; it is reserved before anything is sent

let: { refs: 1, resolution: 1K }          # what \${name} stands for, unless a claim's own \`let\` or \`vary\` says otherwise

requests:
  edit:                                   # the first is sent by every claim that names none
    path: /v1/images/generations
    json:
      model: nano-banana-2
      prompt: Place the subject on a plain white background
      resolution: "\${resolution}"
      image_input: { $references: { count: "\${refs}", format: webp } }   # URLs that the target says it can fetch

claims:
  # Something is accepted: two cases, one for each resolution.
  - id: size
    says: An edit comes back in the size that was asked for
    documented: { under: Status, quote: 1K and 2K }
    vary: { resolution: [1K, 2K] }
    expect: [ { image: { at: hosted-url, size: "\${resolution}" } } ]   # real pixels, from the bytes behind the URL

  - id: refs.within-limit
    says: 14 reference images are accepted
    documented: { under: Status }
    let: { refs: 14 }
    expect: [ { image: { at: hosted-url } } ]

  # Something is rejected, and for the reason that the docs give. The control is the same request with one image less:
  # unless it passes in the same run, nothing is known, and a wrong key or an outage never looks like a rejection.
  - id: refs.over-limit
    says: 15 reference images are rejected, and the message names the limit
    documented: { under: Status, quote: at most 14 }
    let: { refs: 15 }
    given: [ { claim: refs.within-limit } ]
    expect: [ { rejected: { message: at most 14 reference images } } ]

  # Derived from other claims, and sent nowhere: it is as weak as its weakest part.
  - id: refs.limit
    says: The limit is 14 reference images
    documented: { under: Status, quote: at most 14 }
    of: { refs.within-limit: all, refs.over-limit: all }

tables:
  - under: Status                         # the heading above the table in the page
    key: Capability                       # the column by which its rows are known
    owns: State                           # the only column that Assay writes
    from: [local]                         # whose evidence counts; a rehearsal verifies nothing
    words: { holds: Verified, broken: Failing, else: Beta }
    rows:
      - { row: Sizes, needs: [size] }
      - { row: Reference images, needs: [refs.limit] }
      - { row: Price, leave: Somebody writes it by hand }
`;

/** The page that the first suite is about, one of whose words is not what the evidence will say. */
export const FIRST_PAGE = `# Nano Banana 2

Edits an image, or several, by a prompt.

## Status

| Capability | State | Notes |
| --- | --- | --- |
| Sizes | Beta | 1K and 2K |
| Reference images | Verified | at most 14 |
| Price | $0.05 | for each edit |
`;
