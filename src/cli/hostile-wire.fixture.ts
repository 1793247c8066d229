import {
  type Hostile,
  endlessly,
  pour,
  respond,
  trickle,
  write,
  writeAndEnd,
} from './hostile.fixture.ts';

const OK = '{"ok":true}';
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const MIB = 1 << 20;

/** Servers that are hostile in time, headers or framing. */
export const HOSTILE_WIRES: Readonly<Record<string, Hostile>> = {
  'answers as it should': { answer: respond(OK), exit: 0, said: /^pass$/ },

  // Time
  'never answers': {
    answer: () => {},
    timeout: '1s',
    exit: 3,
    said: /^timeout: no answer within 1000 ms/,
  },
  'answers byte by byte': {
    answer: trickle(`${HEAD}Content-Length: 11\r\n\r\n`, OK, 20),
    exit: 0,
    said: /^pass$/,
  },
  'sends a byte of its head now and then': {
    answer: trickle('', endlessly('H'), 50),
    timeout: '1s',
    exit: 3,
    said: /^(?:timeout|malformed)/,
  },
  'sends a header now and then': {
    answer: trickle('HTTP/1.1 200 OK\r\n', endlessly('a: b\r\n'), 50),
    timeout: '1s',
    exit: 3,
    said: /^timeout: no answer/,
  },
  'sends a byte of its body now and then': {
    answer: trickle(`${HEAD}\r\n`, endlessly(' '), 50),
    timeout: '1s',
    exit: 3,
    said: /^timeout: no end of the answer/,
  },
  'stops in the middle': {
    answer: write(`${HEAD}Content-Length: 11\r\n\r\n{"ok"`),
    timeout: '1s',
    exit: 3,
    said: /^timeout: no end of the answer/,
  },

  // Headers
  'sends 100,000 headers': {
    answer: pour('HTTP/1.1 200 OK\r\n', 'a: b\r\n'.repeat(1000), 100),
    exit: 3,
    said: /^oversized/,
  },
  'sends headers without end': {
    answer: pour('HTTP/1.1 200 OK\r\n', 'a: b\r\n'.repeat(1000)),
    exit: 3,
    said: /^oversized/,
  },
  'sends a header without end': {
    answer: pour('HTTP/1.1 200 OK\r\nx: ', 'x'.repeat(MIB)),
    exit: 3,
    said: /^oversized/,
  },
  'sends trailers without end': {
    answer: pour(`${CHUNKED}b\r\n${OK}\r\n0\r\n`, 'a: b\r\n'.repeat(1000)),
    timeout: '3s',
    exit: 3,
    said: /^oversized/,
  },
  'sends a header called __proto__': {
    answer: respond(OK, { headers: '__proto__: x\r\nconstructor: y\r\nhasOwnProperty: z\r\n' }),
    exit: 0,
    said: /^pass$/,
  },
  'sends a NUL in a header': {
    answer: writeAndEnd('HTTP/1.1 200 OK\r\na: \0\r\n\r\n'),
    exit: 3,
    said: /^malformed/,
  },
  'splits a header with a bare line feed': {
    answer: writeAndEnd(`HTTP/1.1 200 OK\na: b\nContent-Length: 11\n\n${OK}`),
    exit: 3,
    said: /^malformed/,
  },
  'declares a type of nonsense': {
    answer: respond(OK, { headers: 'Content-Type: \u00ff/;;;=\u009b31m\r\n' }),
    exit: 0,
    said: /^pass$/,
  },

  // Status line
  'speaks another protocol': {
    answer: writeAndEnd('SSH-2.0-OpenSSH_9.7\r\n'),
    exit: 3,
    said: /^malformed/,
  },
  'speaks HTTP/0.9': { answer: writeAndEnd('<h1>It works</h1>'), exit: 3, said: /^malformed/ },
  'speaks HTTP/2': { answer: writeAndEnd('\0\0\x12\x04\0\0\0\0\0'), exit: 3, said: /^malformed/ },
  'says nothing and hangs up': {
    answer: ({ socket }) => void socket.end(),
    exit: 3,
    said: /^disconnected/,
  },
  'answers with status 999': {
    answer: respond(OK, { status: '999 Beyond' }),
    exit: 1,
    said: /2xx, 999/,
  },
  'answers with status 000': {
    answer: respond(OK, { status: '000 Nothing' }),
    timeout: '1s',
    exit: 3,
    said: /^malformed: [^\n]*$/,
  },
  'answers with 100 without end': {
    answer: pour('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)),
    timeout: '1s',
    exit: 3,
    said: /^(?:malformed|disconnected)/,
  },
  'answers with 103 without end': {
    answer: pour('', 'HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n'.repeat(1000)),
    timeout: '1s',
    exit: 3,
    said: /^(?:malformed|timeout)/,
  },
  'switches protocols unasked': {
    answer: write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    timeout: '1s',
    exit: 3,
    said: /^(?:malformed|disconnected)/,
  },
  'redirects in circles': {
    answer: respond('', {
      status: '302 Found',
      headers: 'Location: /redirects%20in%20circles\r\n',
    }),
    exit: 1,
    said: /2xx, 302/,
  },
  'redirects to another origin': {
    answer: respond('', {
      status: '307 Temporary Redirect',
      headers: 'Location: http://127.0.0.2:9/\r\n',
    }),
    exit: 1,
    said: /2xx, 307/,
  },

  // Framing
  'breaks the connection in the middle': {
    answer: ({ socket }) => {
      socket.write(`${HEAD}Content-Length: 11\r\n\r\n{"ok"`, () => socket.resetAndDestroy());
    },
    exit: 3,
    said: /^disconnected/,
  },
  'breaks off in a chunk': {
    answer: writeAndEnd(`${CHUNKED}b\r\n{"ok"`),
    exit: 3,
    said: /^disconnected/,
  },
  'sends less than it announced': {
    answer: writeAndEnd(`${HEAD}Content-Length: 99\r\n\r\n${OK}`),
    exit: 3,
    said: /^(?:disconnected|malformed)/,
  },
  'sends more than it announced': {
    answer: writeAndEnd(`${HEAD}Content-Length: 5\r\n\r\n${OK}`),
    exit: 1,
    said: /JSON that breaks off/,
  },
  'announces two lengths': {
    answer: writeAndEnd(`${HEAD}Content-Length: 11\r\nContent-Length: 12\r\n\r\n${OK}`),
    exit: 3,
    said: /^malformed/,
  },
  'announces a length and chunks': {
    answer: writeAndEnd(
      `${HEAD}Content-Length: 11\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n${OK}\r\n0\r\n\r\n`,
    ),
    exit: 3,
    said: /^malformed/,
  },
  'announces a negative length': {
    answer: writeAndEnd(`${HEAD}Content-Length: -1\r\n\r\n${OK}`),
    exit: 3,
    said: /^malformed/,
  },
  'announces 9 EB': {
    answer: write(`${HEAD}Content-Length: 9000000000000000000\r\n\r\n{`),
    exit: 3,
    said: /^oversized/,
  },
  'sends a chunk of no size': {
    answer: writeAndEnd(`${CHUNKED}x\r\n${OK}`),
    exit: 3,
    said: /^malformed/,
  },
  'sends a chunk of 2^72 bytes': {
    answer: writeAndEnd(`${CHUNKED}1000000000000000000\r\n${OK}`),
    exit: 3,
    said: /^malformed/,
  },
  'extends a chunk without end': {
    answer: pour(`${CHUNKED}b;x=`, 'x'.repeat(MIB)),
    timeout: '1s',
    exit: 3,
    said: /^(?:timeout|oversized|malformed)/,
    mostMiB: 144,
  },
  'sends a body with 204': {
    answer: writeAndEnd(`HTTP/1.1 204 No Content\r\nContent-Length: 11\r\n\r\n${OK}`),
    exit: 1,
    said: /an empty body/,
  },
  'sends a body with 304': {
    answer: writeAndEnd(`HTTP/1.1 304 Not Modified\r\nContent-Length: 11\r\n\r\n${OK}`),
    exit: 1,
    said: /2xx, 304/,
  },
  'answers twice': {
    answer: writeAndEnd(`${HEAD}Content-Length: 2\r\n\r\n{}${HEAD}Content-Length: 11\r\n\r\n${OK}`),
    exit: 1,
    said: /nothing there/,
  },
  'sends a body without end': {
    answer: pour(`${HEAD}\r\n`, ' '.repeat(MIB)),
    exit: 3,
    said: /^oversized: a body of more than 67108864 bytes/,
    mostMiB: 192,
  },
  'sends half a million chunks of one byte': {
    answer: pour(CHUNKED, '1\r\n \r\n'.repeat(10_000), 50),
    exit: 3,
    said: /^disconnected/,
  },
};
