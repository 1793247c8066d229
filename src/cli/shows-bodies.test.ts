import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMock, type Mock } from '../mock/server.ts';
import { type Desk, aDesk, behind, textOf } from './desk.fixture.ts';

const FIELDS = '{ "model": "nano-banana-2", "prompt": "a cat" }';

const SUITE = `
suite: bodies
rehearse: 2026-03-30
requests:
  edit:
    path: /v1/images/edits
    form: { model: nano-banana-2, prompt: "a cat, in two\\nlines", n: 2, image: { $image: { format: webp, as: file } } }
  raw: { path: /v1/images/generations, body: { text: "{", type: application/json } }
claims:
  - { id: edit, says: An edit takes a file, expect: [ { image: { at: hosted-url, count: 2 } } ] }
  - id: several
    says: An edit takes several files
    request: { form: { image: null, "image[]": [ { $image: { as: file } }, { $image: { as: file, format: jpeg, filename: b.jpg } } ] } }
    expect: [ { image: any } ]
  - id: no-file
    says: A URL is no file
    request: { form: { image: { $reference: { format: webp } } } }
    expect: [ { rejected: { message: image is required } } ]
  - id: no-form
    says: An edit in JSON has no file either
    request: { form: null, json: ${FIELDS} }
    expect: [ { rejected: { message: image is required } } ]
  - id: malformed
    says: JSON that breaks off is refused
    request: raw
    expect: [ { rejected: { message: Invalid request, status: 400 } } ]
  - id: empty
    says: Nothing is no JSON
    request: { like: raw, body: { text: "" } }
    expect: [ { rejected: { message: Unexpected end } } ]
  - id: bytes
    says: Bytes go out as they are
    request: { like: raw, body: { text: null, bytes: ${Buffer.from(FIELDS).toString('base64')} } }
    expect: [ { image: any } ]
`;

let desk: Desk;
let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ world: '2026-03-30' });
  desk = await aDesk({ suites: { 'bodies.yaml': SUITE }, target: behind(mock) });
});

afterAll(async () => {
  await Promise.all([desk.close(), mock.close()]);
});

/** Each claim that did not pass, with what was found of it. */
async function missed(...args: readonly string[]): Promise<Record<string, readonly string[]>> {
  const { stdout, stderr } = await desk.assay(['run', '--format', 'json', ...args]);
  if (stdout === '') throw new Error(stderr);
  const { cases } = JSON.parse(stdout) as Awaited<ReturnType<Desk['run']>>['document'];
  expect(cases).toHaveLength(7);
  return Object.fromEntries(
    cases.flatMap(({ claim, verdict, findings }) =>
      verdict === 'pass' ? [] : [[claim, findings.map(({ actual }) => actual)]],
    ),
  );
}

describe('a form and a body as it stands', () => {
  test('go out as they are written, and the honest gateway takes them or refuses them', async () => {
    expect(await missed()).toEqual({});
  });

  test('that lose their files on the way are noticed', async () => {
    expect(await missed('--with', 'form=without-files')).toEqual({
      'bodies/edit': ['400 "image is required"'],
      'bodies/several': ['400 "image is required"'],
    });
  });

  test('are noticed where a gateway takes no form, or says something else of it', async () => {
    const refused = `"request Content-Type isn't multipart/form-data"`;
    expect(await missed('--with', 'form=refused')).toEqual({
      'bodies/edit': [`400 ${refused}`],
      'bodies/several': [`400 ${refused}`],
      'bodies/no-file': [refused],
      'bodies/no-form': [refused],
    });
    expect(await missed('--with', 'message.json=other', '--with', 'format.webp=refused')).toEqual({
      'bodies/edit': ['400 "reference images of type webp are not supported"'],
      'bodies/malformed': ['"the request was turned down"'],
      'bodies/empty': ['"the request was turned down"'],
    });
  });

  test('are kept and shown with what their files are, and never with the bytes', async () => {
    const { code } = await desk.run('bodies/edit', 'bodies/malformed');
    expect(code).toBe(0);
    const kept = await textOf(desk.ledger);
    const token = /<image\/webp,64x64,\d+,sha256:[0-9a-f]{64}>/.exec(kept)?.[0] ?? 'no token';
    expect(kept).not.toContain('RIFF');
    const edit = await desk.assay(['explain', 'bodies/edit']);
    expect(edit.stdout).toContain(
      `filename="image.webp"\\r\\nContent-Type: image/webp\\r\\n\\r\\n${token}`,
    );
    expect(edit.stdout).toContain("-H 'content-type: multipart/form-data; boundary=assay-form-0'");
    const malformed = await desk.assay(['explain', 'bodies/malformed']);
    expect(malformed.stdout).toContain(`--data-raw '{'`);
  });
});
