import { BlockList, isIP } from 'node:net';

/** An address that a name was looked up to. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a name, in the order to try them; rejects if there is no such name. */
export type Lookup = (hostname: string) => Promise<readonly Address[]>;

/** Keeps URLs that a gateway names from reaching what only this machine or its network can reach. */
export interface Guard {
  /** Why a URL may not be fetched, as far as its text tells: scheme, or an address in whatever spelling. */
  readonly urlProblem: (url: string) => string | undefined;
  /** The one address to connect to, checked; looking the name up again could bring another. Rejects as the look-up does. */
  readonly resolve: (hostname: string) => Promise<Address | { readonly refused: string }>;
  /** Why a socket to this address may not be used; `hostname` is the one of the URL, and may be exempt. */
  readonly addressProblem: (address: string | undefined, hostname?: string) => string | undefined;
}

/** Exempt hosts are compared by name, as written in the URL: another name for the same address is not exempt. */
export function makeGuard(options: {
  readonly exemptHosts: readonly string[];
  readonly lookup: Lookup;
}): Guard {
  const exempt = new Set(options.exemptHosts.map(hostOf));
  // Two hosts that cannot be read are not the same host.
  exempt.delete(undefined);

  function addressProblem(address: string | undefined, hostname?: string): string | undefined {
    if (hostname !== undefined && exempt.has(hostOf(hostname))) return undefined;
    if (address === undefined) return 'the socket has no remote address';
    const kind = kindOf(address);
    return kind === undefined ? undefined : `${address} is ${kind}`;
  }

  function hostProblem(hostname: string): string | undefined {
    const host = hostOf(hostname);
    if (host === undefined) return `"${hostname}" is not a host`;
    if (exempt.has(host)) return undefined;
    if (isIP(host) !== 0) return addressProblem(host);
    return /(^|\.)localhost$/.test(host) ? `${host} is a loopback name` : undefined;
  }

  return {
    addressProblem,
    urlProblem(url) {
      const parsed = URL.parse(url);
      if (parsed === null) return 'not a URL';
      if (!/^https?:$/.test(parsed.protocol)) return `${parsed.protocol} is not http or https`;
      return hostProblem(parsed.hostname);
    },
    async resolve(hostname) {
      const problem = hostProblem(hostname);
      const host = hostOf(hostname);
      if (problem !== undefined || host === undefined) return { refused: problem ?? 'no host' };
      const literal = isIP(host);
      if (literal === 4 || literal === 6) return { address: host, family: literal };
      const addresses = await options.lookup(host);
      const [first] = addresses;
      if (first === undefined) return { refused: `${host} has no address` };
      // One private address among public ones is enough: an honest image host has none.
      for (const { address } of addresses) {
        const why = addressProblem(address, host);
        if (why !== undefined) return { refused: `${host} cannot be fetched from: ${why}` };
      }
      return first;
    },
  };
}

/** A host in its one spelling: the URL parser lowers it and reads 0x7f.1, 2130706433 and 017700000001 as 127.0.0.1. */
function hostOf(host: string): string | undefined {
  const authority = isIP(host) === 6 ? `[${host}]` : host;
  return URL.parse(`http://${authority}`)
    ?.hostname.replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** Blocks that are not for everybody, by the IANA registries of special-purpose addresses (RFC 6890). */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  'a metadata service': [
    '169.254.169.254/32',
    '100.100.100.200/32',
    '168.63.129.16/32',
    '192.0.0.192/32',
    'fd00:ec2::254/128',
    'fd20:ce::254/128',
  ],
  loopback: ['127.0.0.0/8', '::1/128'],
  unspecified: ['0.0.0.0/8', '::/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  'shared by a carrier (CGNAT)': ['100.64.0.0/10'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  'unique-local': ['fc00::/7'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  broadcast: ['255.255.255.255/32'],
  reserved: [
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '240.0.0.0/4',
    '2001::/23',
    '2001:db8::/32',
    '3fff::/20',
  ],
  'a 6to4 tunnel': ['2002::/16'],
};

/** Where IPv6 hides an IPv4 address in its last 32 bits and hands the connection on to it: mapped, NAT64 (RFC 6052). */
const EMBEDDING = ['::ffff:', '64:ff9b::'];

/** The blocks as lists; made when an address is first asked for, because most runs fetch nothing. */
function makeLists() {
  return {
    kinds: Object.entries(SPECIAL).map(([kind, blocks]) => ({ kind, list: listOf(blocks) })),
    publicV6: listOf(['2000::/3', ...EMBEDDING.map((prefix) => `${prefix}0.0.0.0/96`)]),
  };
}

let lists: ReturnType<typeof makeLists> | undefined;

function listOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [net = '', bits = ''] = block.split('/');
    if (isIP(net) === 6) list.addSubnet(net, Number(bits), 'ipv6');
    else {
      list.addSubnet(net, Number(bits), 'ipv4');
      for (const prefix of EMBEDDING) list.addSubnet(prefix + net, 96 + Number(bits), 'ipv6');
    }
  }
  return list;
}

/** What sort of address it is that may not be reached, or nothing for a public one. */
function kindOf(address: string): string | undefined {
  const family = isIP(address);
  if (family === 0) return 'not an address';
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const { kinds, publicV6 } = (lists ??= makeLists());
  const special = kinds.find(({ list }) => list.check(address, type));
  if (special !== undefined) return special.kind;
  return family === 6 && !publicV6.check(address, type) ? 'not a public address' : undefined;
}
