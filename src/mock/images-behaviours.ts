import type { Behaviour } from './behaviour.ts';

/** What the Images route takes and gives, and how the media host keeps it. */
export const IMAGES_BEHAVIOURS = {
  'model.required': { values: ['yes', 'no'], honest: 'yes', says: 'a request names its model' },
  'prompt.required': {
    values: ['yes', 'no'],
    honest: 'yes',
    says: 'an Images request has a prompt',
  },
  field: {
    subjects: ['<name>'],
    values: ['accepted', 'ignored', 'refused'],
    honest: 'accepted',
    says: 'a field of an Images request; one that is unknown is dropped in silence',
  },
  form: {
    values: ['accepted', 'without-files', 'refused'],
    honest: 'accepted',
    says: 'the multipart form of an edit; without-files: its files are dropped',
  },
  n: {
    subjects: ['<number>'],
    values: ['asked', '<number>'],
    honest: 'asked',
    says: 'how many images come for this n',
  },
  'n.default': { values: ['<number>'], honest: '1', says: 'how many images come without n' },
  refs: {
    subjects: ['<references>'],
    values: ['listed', 'accepted', 'refused'],
    honest: 'listed',
    says: 'exactly so many references, also at one size only (14@2K); listed: up to the limit',
  },
  'refs.limit': {
    values: ['<number>'],
    honest: '14',
    says: 'the most references that are accepted',
  },
  'refs.string': {
    values: ['accepted', 'refused'],
    honest: 'accepted',
    says: 'image_input as one string',
  },
  'refs.list': { values: ['accepted', 'refused'], honest: 'accepted', says: 'image_input as list' },
  'refs.fetch': {
    values: ['yes', 'no'],
    honest: 'yes',
    says: 'references are fetched, not only counted',
  },
  'refs.missing': {
    values: ['refused', 'accepted'],
    honest: 'refused',
    says: 'a reference that cannot be fetched; accepted: it is dropped in silence',
  },
  format: {
    subjects: ['png', 'jpeg', 'webp'],
    values: ['accepted', 'refused'],
    honest: 'accepted',
    says: 'a reference of this format',
  },
  bytes: {
    subjects: ['<number>'],
    values: ['listed', 'accepted', 'refused'],
    honest: 'listed',
    says: 'a reference of exactly this length; listed: up to the limit',
  },
  'bytes.limit': {
    values: ['<number>'],
    honest: '31457280',
    says: 'the most bytes of one reference',
  },
  'pixels.limit': {
    values: ['none', '<number>'],
    honest: 'none',
    says: 'the most pixels of the longer side of a reference that is sent as a file or data URI',
  },
  'prompt.limit': {
    values: ['none', '<number>'],
    honest: 'none',
    says: 'the most characters of the prompt of an Images request',
  },
  edge: {
    values: ['<number>'],
    honest: '0',
    says: 'how far from a limit of references, bytes, pixels or characters a coin decides',
  },
  'data-uri': {
    values: ['accepted', 'refused'],
    honest: 'accepted',
    says: 'a data URI in image_input, about which the page promises nothing',
  },
  data: {
    values: ['asked', 'url', 'b64_json', 'empty', 'none'],
    honest: 'asked',
    says: 'what data[] of an Images answer holds; asked: url, unless response_format says b64_json',
  },
  created: {
    values: ['seconds', 'milliseconds', 'string', 'absent'],
    honest: 'seconds',
    says: 'created in an Images answer',
  },

  'archive.host': {
    values: ['own', '<text>'],
    honest: 'own',
    says: 'the host, with or without port, in the URL of a hosted image',
  },
  'archive.path': {
    values: ['own', '<text>'],
    honest: 'own',
    says: 'the folder, in the URL of a hosted image',
  },
  'archive.auth': {
    values: ['none', 'required'],
    honest: 'none',
    says: 'a hosted image needs a key',
  },
  'archive.status': {
    values: ['<status>'],
    honest: '200',
    says: 'the status of a hosted image',
  },
  'archive.redirect': {
    values: ['none', '<text>'],
    honest: 'none',
    says: 'where a hosted image redirects to',
  },
  'archive.type': {
    values: ['real', '<text>'],
    honest: 'real',
    says: 'the content type of a hosted image',
  },
  'archive.body': {
    values: ['image', 'html', 'empty', 'never', 'reset', 'endless'],
    honest: 'image',
    says: 'what is sent for a hosted image',
  },
  source: {
    subjects: ['<number>'],
    values: ['present', 'missing'],
    honest: 'present',
    says: 'a reference image, by its number, on the reference host',
  },
} as const satisfies Record<string, Behaviour>;
