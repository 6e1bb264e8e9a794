// From which address a request came, and whether it can only be this machine's.
import { describe, expect, test } from '@jest/globals';
import { isLocal, sourceOf } from '../../src/http/address.ts';

const from = (address: string | null) => ({ address, streams: true });

describe('the address of a caller', () => {
  test.each([
    ['is the one that called, when no proxy is known', '203.0.113.9', '10.0.0.1', 0, '203.0.113.9'],
    ['is what the one known proxy was called from', '10.0.0.7', '198.51.100.3', 1, '198.51.100.3'],
    ['is never what stands before that', '10.0.0.7', '1.2.3.4, 198.51.100.3', 1, '198.51.100.3'],
    ['goes back over two proxies', '10.0.0.7', '198.51.100.3, 10.0.0.8', 2, '198.51.100.3'],
    [
      'is the first there is, when proxies are left out',
      '10.0.0.7',
      '198.51.100.3',
      5,
      '198.51.100.3',
    ],
    ['is that of the proxy, when it says nothing', '10.0.0.7', null, 1, '10.0.0.7'],
    ['has no port', '10.0.0.7', '198.51.100.3:4711', 1, '198.51.100.3'],
    ['has no brackets', '10.0.0.7', '[2001:db8::1]:4711', 1, '2001:db8::1'],
    ['is written as one of IPv4 where it is one', '::ffff:10.0.0.7', null, 0, '10.0.0.7'],
    ['is none when it is no address', '10.0.0.7', '<script>alert(1)</script>', 1, null],
  ])('%s', (_, peer, forwarded, proxies, expected) => {
    expect(sourceOf(from(peer), forwarded, proxies)).toBe(expected);
  });

  test('is the last that was forwarded, where the platform tells none of its own', () => {
    expect(sourceOf(from(null), '1.2.3.4, 198.51.100.3', 0)).toBe('198.51.100.3');
    expect(sourceOf(from(null), null, 1)).toBeNull();
  });
});

describe('an address of this machine', () => {
  test.each([
    '127.0.0.1',
    '127.8.9.10',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    'localhost',
    'LOCALHOST',
  ])('is %s', (host) => expect(isLocal(host)).toBe(true));

  test.each([
    '10.0.0.1',
    '0.0.0.0',
    '::',
    '2001:db8::1',
    'localhost.example.com',
    '127.0.0.1.nip.io',
    '',
  ])('is not %s', (host) => expect(isLocal(host)).toBe(false));
});
