// Without any key, whoever is on this machine may do everything: pages in its browser are not meant.
import { RequestError } from '../errors.ts';
import { isLocal } from './address.ts';
import type { Peer } from './deps.ts';

const refuse = (why: string): never => {
  throw new RequestError(
    'forbidden',
    `${why}, and no API key is configured: only this machine may ask. \`cloud-jobs api-key NAME\` makes one.`,
  );
};

/** A page somewhere else, that makes its reader's browser ask here. */
const isOtherPage = (headers: Headers, url: URL): boolean => {
  const origin = headers.get('origin');
  if (origin !== null && origin !== url.origin) return true;
  const site = headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
};

/**
 * Throws a RequestError for a request from elsewhere: from another machine, under another name than
 * localhost (a name of somebody's own that leads here), or from a page of another origin.
 */
export const refuseStrangers = (request: Request, peer: Peer, allowed: readonly string[]): void => {
  const url = new URL(request.url);
  if (peer.address === null || !isLocal(peer.address)) refuse('The request comes from elsewhere');
  if (!isLocal(url.hostname)) refuse(`The request is for the host ${url.hostname}`);
  if (allowed.includes(request.headers.get('origin') ?? '')) return;
  if (isOtherPage(request.headers, url)) refuse('The request comes from another page');
};
