// Who asks: by the key that was presented, or, without any configured, by being on this machine.
import { RequestError } from '../errors.ts';
import { sourceOf } from './address.ts';
import type { Caller, HttpDeps, Peer } from './deps.ts';
import { findKey } from './keys.ts';
import { refuseStrangers } from './local_only.ts';
import type { Rates } from './rate.ts';

const presented = (headers: Headers): string | null =>
  headers.get('x-api-key') ??
  /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ??
  null;

const unauthorized = (message: string): RequestError =>
  new RequestError('unauthorized', message, { 'www-authenticate': 'Bearer realm="cloud-jobs"' });

type AuthDeps = Pick<HttpDeps, 'keys' | 'trusted_proxies' | 'cors_origins'>;

/**
 * Throws a RequestError: no key or a wrong one (401), from elsewhere without any configured (403), too
 * many requests (429). A right key is never kept out by wrong ones from the same address: there may be
 * a proxy at it.
 */
export const authenticate = async (
  request: Request,
  peer: Peer,
  { keys, trusted_proxies, cors_origins }: AuthDeps,
  rates: Rates,
): Promise<Caller> => {
  const source_ip = sourceOf(peer, request.headers.get('x-forwarded-for'), trusted_proxies);
  if (keys.length === 0) {
    refuseStrangers(request, peer, cors_origins);
    await rates.request(`address:${source_ip}`);
    return { actor: null, source_ip, scope: 'write' };
  }
  const given = presented(request.headers);
  const key = given === null ? null : findKey(keys, given);
  if (key === null) {
    await rates.badKey(source_ip);
    throw unauthorized(
      given === null
        ? 'An API key is needed: send it as X-API-Key.'
        : 'The API key is none of those configured here.',
    );
  }
  await rates.request(`key:${key.name}`);
  return { actor: key.name, source_ip, scope: key.scope };
};

/** Throws a RequestError when a key that may only read asks for more. */
export const authorize = ({ actor, scope }: Caller, wanted: Caller['scope']): void => {
  if (scope === 'write' || wanted === 'read') return;
  throw new RequestError('forbidden', `The key "${actor}" may only read; this needs scope write.`);
};
