// Which addresses a request may go to: public ones, unless private ones are allowed.
import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Discard } from '../../errors.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** Everything IANA does not route on the public internet; 169.254.169.254 is clouds' metadata. */
const PRIVATE_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Inside 2000::/3, but reserved, or carrying an IPv4 address that could be private. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const listOf = (subnets: string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
};
const privateIpv4 = listOf(PRIVATE_IPV4, 'ipv4');
const globalIpv6 = listOf(['2000::/3'], 'ipv6');
const specialIpv6 = listOf(SPECIAL_IPV6, 'ipv6');

/**
 * For IPv6 only global unicast is public: loopback, link-local, unique local, multicast and addresses
 * that wrap an IPv4 one (`::ffff:10.0.0.1`, 64:ff9b::) lie outside of it.
 */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !privateIpv4.check(address, 'ipv4');
  if (family !== 6) return false;
  return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6');
};

const refusal = (hostname: string, address: string): Discard => {
  const where = hostname === address ? address : `${hostname} (${address})`;
  return new Discard(
    `url: ${where} is not a public address; HTTP_REQUEST_ALLOW_PRIVATE=true lets http_request call it`,
  );
};

/** Checks a host that is an address itself: for such hosts no name is looked up. */
export const checkLiteral = (hostname: string): void => {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw refusal(address, address);
};

/**
 * The lookup of one connection. The addresses checked are the addresses connected to, so a name
 * that resolves differently a moment later gains nothing. One private address refuses the name.
 */
export const guardedLookup =
  (resolve: Resolve, allowPrivate: boolean): LookupFunction =>
  (hostname, options, callback) => {
    const answer = async () => {
      const addresses = await resolve(hostname);
      const refused = addresses.find(({ address }) => !isPublicAddress(address));
      if (refused !== undefined && !allowPrivate) throw refusal(hostname, refused.address);
      return addresses;
    };
    answer().then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, addresses);
        else callback(null, first?.address ?? '', first?.family ?? 0);
      },
      (error) => callback(error, []),
    );
  };
