#!/usr/bin/env bash
# One night on a machine of your own, for cron or systemd: judges what is due on production within its budget, keeps the
# evidence in git, tells which words have changed, and ends as the run did: 1 where a claim contradicts the docs.
#
# Needs a clone that its user may push from without being asked, with `npm ci` run in it; Node 24; and the key in a file that
# only its user can read. It stands at the top of the clone (chmod +x nightly.sh). No other process than the one that sends has
# the key in its environment.
set -euo pipefail

: "${TARGET:=production}"
: "${KEY_FILE:=${CREDENTIALS_DIRECTORY:-/etc/assay}/production-key}"
: "${WEBHOOK_FILE:=${CREDENTIALS_DIRECTORY:-/etc/assay}/slack-webhook}"     # where there is none, nobody is told
: "${METRICS_FILE:=}"       # for node_exporter: /var/lib/node_exporter/textfile/assay.prom
cd "$(dirname "$0")"
assay=node_modules/.bin/assay
# Who commits; and no clearing up that would go on in the background, and hold the lock of this night.
export GIT_CONFIG_COUNT=3 GIT_CONFIG_KEY_0=user.name GIT_CONFIG_VALUE_0=assay \
  GIT_CONFIG_KEY_1=user.email GIT_CONFIG_VALUE_1="assay@$(uname -n)" GIT_CONFIG_KEY_2=gc.auto GIT_CONFIG_VALUE_2=0

keep() {
  git diff --cached --quiet && return
  git commit --quiet --message "$1"
  for try in 1 2 3 4 5; do          # somebody else may push meanwhile
    git pull --quiet --rebase && git push --quiet && return
    sleep "$((try * 5))"
  done
  return 1
}

echo "$(date -u +%FT%TZ) the night begins"
git pull --quiet --rebase
end=0
ASSAY_PRODUCTION_KEY=$(< "$KEY_FILE") "$assay" run --due --target "$TARGET" || end=$?

# Whatever came of the run, and of one that a power cut ended before this.
if test -d reports/ledger; then
  "$assay" ledger verify
  git add -- reports/ledger
  keep "Evidence of $(date -u +%F)"
fi
if test -n "$METRICS_FILE"; then
  "$assay" status --format prometheus > "$METRICS_FILE.new"
  chmod a+r "$METRICS_FILE.new"
  mv -- "$METRICS_FILE.new" "$METRICS_FILE"
fi
if test -r "$WEBHOOK_FILE"; then
  told=0
  SLACK_WEBHOOK=$(< "$WEBHOOK_FILE") "$assay" notify --to slack --url env:SLACK_WEBHOOK || told=$?
  test ! -d reports/told || git add -- reports/told
  keep "What was told on $(date -u +%F)"
  test "$end" -gt 0 || end=$told
fi
echo "$(date -u +%FT%TZ) the night ends with $end"
exit "$end"
