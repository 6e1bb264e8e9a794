// From which address a request came, behind any number of proxies that are known to be there.
import { BlockList, isIP } from 'node:net';
import type { Peer } from './deps.ts';

/** `10.0.0.7:4711`, `[2001:db8::1]:4711` and `::ffff:10.0.0.7` without what is no address. */
const plain = (text: string): string => {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare;
};

/**
 * Each proxy appends to X-Forwarded-For who called it; what stands before those of our own may be
 * anything the caller made up.
 */
export const sourceOf = (peer: Peer, forwarded: string | null, proxies: number): string | null => {
  const named = (forwarded ?? '').split(',').flatMap((part) => part.trim() || []);
  const way = [...named, ...(peer.address === null ? [] : [peer.address])];
  const found = plain(way.at(Math.max(-way.length, -1 - proxies)) ?? '');
  return isIP(found) === 0 ? null : found;
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether an address, or a name of a host, can only be this machine's. */
export const isLocal = (host: string): boolean => {
  const name = plain(host);
  const family = isIP(name);
  if (family === 0) return name.toLowerCase() === 'localhost';
  return loopback.check(name, family === 6 ? 'ipv6' : 'ipv4');
};
