/** A GitHub workflow that rehearses pull requests, and judges production each night. */
export const FIRST_WORKFLOW = `name: assay
on:
  pull_request:
  schedule: [ { cron: "17 3 * * *" } ]
  workflow_dispatch:
permissions: { contents: read }

jobs:
  # Proves the suites, without key and cost; it says nothing of the service.
  rehearsal:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24 }
      - run: npm ci
      - run: npx assay lint
      - run: npx assay run

  # Judges what is due of the service, within the target's budget, tells which words changed, and keeps the evidence in the repository.
  retest:
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    permissions: { contents: write }
    concurrency: assay-retest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24 }
      - run: npm ci
      - run: npx assay run --due --target production
        env: { ASSAY_PRODUCTION_KEY: "\${{ secrets.ASSAY_PRODUCTION_KEY }}" }
      - name: Tell which words changed, where the repository has the secret SLACK_WEBHOOK (or --to feishu, --to json)
        if: always()
        run: test -z "$SLACK_WEBHOOK" || npx assay notify --to slack --url env:SLACK_WEBHOOK
        env: { SLACK_WEBHOOK: "\${{ secrets.SLACK_WEBHOOK }}" }
      - name: Keep the evidence, also of a run that found something, and what was told
        if: always()
        run: |
          test -d reports/ledger || exit 0
          git config user.name assay
          git config user.email assay@users.noreply.github.com
          git add reports
          git diff --cached --quiet || git commit -m "Evidence of $(date -u +%F)"
          git pull --rebase
          git push
`;
