// The dashboard's files: packed when they are built, unpacked for whoever cannot read them so.
import { gunzipSync } from 'node:zlib';
import type { Context } from 'hono';
import { RequestError } from '../errors.ts';
import type { Asset, Assets } from './assets.ts';

const YEAR = 365 * 24 * 60 * 60;

/** Pages are asked for anew each time; what they name carries its version in its address. */
const cacheOf = (path: string): string =>
  path.startsWith('/assets/') ? `public, max-age=${YEAR}, immutable` : 'no-cache';

/** Named, and not with the weight of nothing. */
const GZIP = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i;

const respond = (request: Request, path: string, { content_type, etag, gzip }: Asset): Response => {
  const headers = {
    'content-type': content_type,
    'cache-control': cacheOf(path),
    etag,
    vary: 'Accept-Encoding',
  };
  if (request.headers.get('if-none-match') === etag) {
    return new Response(null, { status: 304, headers });
  }
  const bytes = Buffer.from(gzip, 'base64');
  const packed = GZIP.test(request.headers.get('accept-encoding') ?? '');
  if (packed) return new Response(bytes, { headers: { ...headers, 'content-encoding': 'gzip' } });
  return new Response(gunzipSync(bytes), { headers });
};

export const serveAssets =
  (assets: Assets) =>
  async ({ req }: Context): Promise<Response> => {
    const asset = await assets.get(req.path);
    if (asset === undefined) throw new RequestError('no_route', `There is nothing at ${req.path}.`);
    return respond(req.raw, req.path, asset);
  };
