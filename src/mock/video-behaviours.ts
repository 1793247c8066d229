import type { Behaviour } from './behaviour.ts';
import { ERROR_NAMES } from './errors.ts';

/** The video route: asked for, waited for, fetched. The file itself is hosted as images are: see archive.host and those below it. */
export const VIDEO_BEHAVIOURS = {
  video: {
    subjects: ['<model>'],
    values: ['ok', ...ERROR_NAMES],
    honest: 'ok',
    says: 'POST /v1/video/create: it works, or fails with this error',
  },
  'video.id': {
    values: ['own', 'absent', 'null', '<text>'],
    honest: 'own',
    says: 'the id in the answer to a creation',
  },
  'video.polls': {
    values: ['<number>'],
    honest: '2',
    says: 'how often a video is still processing when it is asked for',
  },
  'video.end': {
    values: ['succeeded', 'failed', 'never'],
    honest: 'succeeded',
    says: 'what a video comes to after that',
  },
  'video.query': {
    values: ['ok', '<status>'],
    honest: 'ok',
    says: 'the status when a video is asked for; several are taken in turn, one each time',
  },
  'video.url': {
    values: ['own', 'absent', 'null', '<text>'],
    honest: 'own',
    says: 'the URL of a video that succeeded',
  },
} as const satisfies Record<string, Behaviour>;
