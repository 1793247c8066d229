import { expect, test } from 'vitest';
import { makeGuard } from './guard.ts';
import type { Address, Lookup } from './guard.ts';

const noLookup: Lookup = () => Promise.reject(new Error('nothing may be looked up here'));
const guard = makeGuard({ exemptHosts: [], lookup: noLookup });

function lookupTo(...addresses: readonly string[]): Lookup {
  return () =>
    Promise.resolve(
      addresses.map((address): Address => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.255.255.255', 'loopback'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['::', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'shared by a carrier (CGNAT)'],
  ['100.127.255.255', 'shared by a carrier (CGNAT)'],
  ['169.254.1.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['fc00::1', 'unique-local'],
  ['fdff::1', 'unique-local'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['ff02::1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['240.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['2001::1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['169.254.169.254', 'a metadata service'],
  ['100.100.100.200', 'a metadata service'],
  ['168.63.129.16', 'a metadata service'],
  ['fd00:ec2::254', 'a metadata service'],
  ['2002:7f00:1::', 'a 6to4 tunnel'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::FFFF:10.1.2.3', 'private'],
  ['::ffff:169.254.169.254', 'a metadata service'],
  ['64:ff9b::127.0.0.1', 'loopback'],
  ['64:ff9b::a9fe:a9fe', 'a metadata service'],
  ['64:ff9b:1::1', 'not a public address'],
  ['::127.0.0.1', 'not a public address'],
  ['100::1', 'not a public address'],
  ['fec0::1', 'not a public address'],
  ['127.1', 'not an address'],
  ['', 'not an address'],
])('the address %s is refused: %s', (address, kind) => {
  expect(guard.addressProblem(address)).toBe(`${address} is ${kind}`);
});

test.each([
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '223.255.255.255',
  '2606:4700::1111',
  '2001:4860:4860::8888',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])('the public address %s is not refused', (address) => {
  expect(guard.addressProblem(address)).toBeUndefined();
});

test('a socket without a remote address is refused', () => {
  expect(guard.addressProblem(undefined)).toBe('the socket has no remote address');
});

/** Spellings of loopback addresses that the URL parser, or a resolver after it, reads as one. */
const LOOPBACK_HOSTS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '0x7f.1',
  '0X7F.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '127.0.0.1.',
  '127.9.9.9',
  '１２７.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  'localhost',
  'LOCALHOST.',
  'a.localhost',
];

test.each([
  ...LOOPBACK_HOSTS,
  '0',
  '[::]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '169.254.169.254',
])('a URL to %s is refused by its text alone', async (host) => {
  expect(guard.urlProblem(`http://${host}/a.png`)).toMatch(/ is /);
  expect(guard.urlProblem(`https://user:word@${host}:8443/a.png`)).toMatch(/ is /);
  const { hostname } = new URL(`http://${host}`);
  expect(await guard.resolve(hostname)).toHaveProperty('refused');
});

test.each([
  ['file:///etc/passwd', 'file: is not http or https'],
  ['ftp://example.com/a', 'ftp: is not http or https'],
  ['data:image/png;base64,AAAA', 'data: is not http or https'],
  ['/relative.png', 'not a URL'],
  ['http://', 'not a URL'],
  ['http://[fe80::1%25eth0]/', 'not a URL'],
])('the URL %s is refused', (url, problem) => {
  expect(guard.urlProblem(url)).toBe(problem);
});

test.each([
  'http://media.test/a.png',
  'https://8.8.8.8/a.png',
  'https://[2606:4700::1111]/',
  'http://notlocalhost/',
])('the text of %s tells nothing against it', (url) => {
  expect(guard.urlProblem(url)).toBeUndefined();
});

function resolveMedia(...addresses: readonly string[]) {
  return makeGuard({ exemptHosts: [], lookup: lookupTo(...addresses) }).resolve('Media.test');
}

test('a name is refused for any of its addresses, and else resolved to the first', async () => {
  expect(await resolveMedia('8.8.8.8', '2606:4700::1111')).toEqual({
    address: '8.8.8.8',
    family: 4,
  });
  expect(await resolveMedia('8.8.8.8', '10.0.0.1')).toEqual({
    refused: 'media.test cannot be fetched from: 10.0.0.1 is private',
  });
  expect(await resolveMedia('::ffff:10.0.0.1')).toHaveProperty('refused');
  expect(await resolveMedia()).toEqual({ refused: 'media.test has no address' });
});

test('a public literal is not looked up, and a failed look-up stays its own error', async () => {
  expect(await guard.resolve('8.8.8.8')).toEqual({ address: '8.8.8.8', family: 4 });
  expect(await guard.resolve('[2606:4700::1111]')).toEqual({
    address: '2606:4700::1111',
    family: 6,
  });
  await expect(guard.resolve('media.test')).rejects.toThrow('nothing may be looked up here');
});

test('exempt hosts may be private, and only under the name that is exempt', async () => {
  const lenient = makeGuard({
    exemptHosts: ['localhost', '127.0.0.1:4000', '::1', 'Gateway.test'],
    lookup: lookupTo('127.0.0.1'),
  });
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'GATEWAY.test.', '0x7f.1']) {
    expect(lenient.urlProblem(`http://${host}:8080/`)).toBeUndefined();
    expect(await lenient.resolve(host)).toHaveProperty('address');
    expect(lenient.addressProblem('127.0.0.1', host)).toBeUndefined();
  }
  for (const host of ['127.0.0.2', 'a.localhost', 'other.test']) {
    expect(await lenient.resolve(host)).toHaveProperty('refused');
    expect(lenient.addressProblem('127.0.0.1', host)).toBe('127.0.0.1 is loopback');
  }
  const careless = makeGuard({ exemptHosts: [' ', 'a b'], lookup: noLookup });
  expect(careless.addressProblem('127.0.0.1', 'c d')).toBe('127.0.0.1 is loopback');
  expect(lenient.addressProblem('127.0.0.1')).toBe('127.0.0.1 is loopback');
  expect(lenient.urlProblem('ftp://localhost/')).toBe('ftp: is not http or https');
});
