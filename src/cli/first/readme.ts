/** The README of a first suite; its commands are run by a test, in their order. */
export const FIRST_README = `# What our docs claim, and whether it is true

\`assay init\` wrote this. Run everything from the folder above, with Node 24.

| | |
| --- | --- |
| \`suites/first.yaml\` | what the page claims, each sentence with its request; its comments teach the format |
| \`suites/targets.yaml\` | who is judged |
| \`docs/first.md\` | the page, with the status table that is kept |
| \`.github/workflows/assay-gate.yml\` | rehearses each pull request, and holds it against the evidence of production |
| \`.github/workflows/assay-nightly.yml\` | judges what is due on production each night |

Editors with a YAML language server complete suites, since they begin with the line that names \`suite.schema.json\`.

## Rehearse

Against a mock gateway in the same process: real requests, real images, no key and no cost.

\`\`\`sh
npx assay lint
npx assay run
npx assay status --rehearsal
\`\`\`

All is green, which proves nothing yet: a claim that has never been red may be unable to. So break the gateway, and see the
claim notice. A gateway that takes 20 reference images contradicts the docs (exit 1):

\`\`\`sh
npx assay run --with refs.limit=20
\`\`\`

Change a number in \`suites/first.yaml\`, a size or the 14 of the message, and it is found as well.
\`npx assay mock --list\` names every way in which the mock can misbehave.

## As it goes with a live gateway

Only a live target can change a word in the page. Let the mock stand in for one, in another terminal:

\`\`\`sh
npx assay mock --world 2026-03-30 --port 4000
\`\`\`

Any key that begins with \`sk-\` will do. \`docs --check\` names the one cell that differs (exit 1); \`--write\` writes its word and
leaves every other byte; \`explain\` shows the evidence, and a \`curl\` command that repeats the request.

\`\`\`sh
export ASSAY_LOCAL_KEY=sk-anything
npx assay run --target local
npx assay status
npx assay docs --pages docs --check
npx assay docs --pages docs --write
npx assay explain first/refs.over-limit
\`\`\`

## Your own

1. In \`suites/targets.yaml\`: the address of \`production\`, and a few small images on a public host as its references.
2. In \`suites/first.yaml\`: what *your* page claims, about *your* model; and \`from: [production]\` in its table.
3. \`npx assay plan --target production\` lists what a run would send and what it may cost. Then put a key into
   \`ASSAY_PRODUCTION_KEY\`, and \`npx assay run --target production\`.
4. Give the repository a secret of that name, and commit, with a \`package.json\` from which \`npm ci\` can install \`assay\`.
   The ledger in \`reports/ledger\` belongs into git: it is the only memory. A secret \`SLACK_WEBHOOK\` beside it, and each night
   tells there which words have changed. Until the first night has brought evidence of production, the gate cannot tell, and is red.

Who works elsewhere finds the same for GitLab, cron and systemd; and for GitHub a weekly pull request with the words of the pages:

\`\`\`sh
npx assay workflow
\`\`\`
`;
