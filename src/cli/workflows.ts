import { readFile } from 'node:fs/promises';

/** A file that has Assay run somewhere by itself. */
export interface Workflow {
  /** Its name in the folder of workflows. */
  readonly file: string;
  /** Where it goes. */
  readonly place: string;
  readonly says: string;
}

/** Every workflow by the name by which it is printed, in the order in which they are listed. */
export const WORKFLOWS: Readonly<Record<string, Workflow>> = {
  'github-nightly': {
    file: 'github-nightly.yml',
    place: '.github/workflows/assay-nightly.yml',
    says: 'each night what is due, within the budget; the evidence is committed, and changed words are told',
  },
  'github-gate': {
    file: 'github-gate.yml',
    place: '.github/workflows/assay-gate.yml',
    says: 'each pull request: a rehearsal, and the gate; without key and cost, for forks as well',
  },
  'github-docs': {
    file: 'github-docs.yml',
    place: '.github/workflows/assay-docs.yml',
    says: 'each week a pull request with the cells of the status tables that differ',
  },
  gitlab: {
    file: 'gitlab.yml',
    place: '.gitlab-ci.yml',
    says: 'all three, for merge requests and schedules of GitLab',
  },
  night: {
    file: 'nightly.sh',
    place: 'nightly.sh',
    says: 'one night on a machine of your own: what cron or systemd starts',
  },
  cron: {
    file: 'nightly.cron',
    place: '/etc/cron.d/assay',
    says: 'starts it each night, one at a time, with a log, and a mail where a night was red',
  },
  'systemd-service': {
    file: 'assay.service',
    place: '/etc/systemd/system/assay.service',
    says: 'the same as a service that can write its clone and nothing else',
  },
  'systemd-timer': {
    file: 'assay.timer',
    place: '/etc/systemd/system/assay.timer',
    says: 'starts the service each night, and makes up for one that was slept through',
  },
};

/** Where the files are: the same from the sources and from the chunks of the package. */
const FOLDER = new URL('../../src/cli/workflows/', import.meta.url);

/** The text of a workflow. */
export async function workflowText({ file }: Workflow): Promise<string> {
  return await readFile(new URL(file, FOLDER), 'utf8');
}
