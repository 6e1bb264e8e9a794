// From a request to a call: who asks, whether they may, and what was sent.
import type { Context } from 'hono';
import { authenticate, authorize } from './auth.ts';
import { readJson, readText } from './body.ts';
import type { Caller, HttpDeps, Peer } from './deps.ts';
import { idFor, readIdempotency } from './idempotency.ts';
import type { Served } from './openapi/document.ts';
import type { Rates } from './rate.ts';
import { type Call, readQuery } from './route.ts';
import type { Shared } from './shared.ts';

/** What Hono carries along with a request. */
export interface Carried {
  Bindings: Peer;
  /** set as soon as they are known */
  Variables: { caller?: Caller; pattern?: string };
}

const anybody: Caller = { actor: null, source_ip: null, scope: 'read' };

/**
 * Throws a RequestError or an InputError. Keys are looked at before anything else that was sent, so
 * that strangers learn nothing.
 */
export const readCall = async (
  context: Context<Carried>,
  { route, base }: Served,
  deps: HttpDeps & Shared,
  rates: Rates,
): Promise<Call<never>> => {
  const { req, env: peer } = context;
  const { headers } = req.raw;
  const caller = route.scope === null ? anybody : await authenticate(req.raw, peer, deps, rates);
  context.set('caller', caller);
  if (route.scope !== null) authorize(caller, route.scope);
  const url = new URL(req.url);
  const query = readQuery(route.query, url.searchParams);
  const text = route.method === 'POST' ? readText(await req.arrayBuffer()) : '';
  // Under an older base it is the same request.
  const path = url.pathname.slice(base.length);
  const asked = `${path}${url.search}`;
  const idempotency = route.method === 'POST' ? readIdempotency(headers, asked, text) : null;
  return {
    deps,
    caller,
    peer,
    params: req.param() as Record<string, string>,
    query: query as never,
    body: readJson(text, headers.get('content-type')),
    idempotency,
    newId:
      idempotency === null ? deps.newId : () => idFor(idempotency, caller.actor, `POST ${path}`),
    base,
    headers,
    head: req.raw.method === 'HEAD',
  };
};
