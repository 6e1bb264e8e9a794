// The HTTP API: one app, from Request to Response, the same on every cloud.
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { show } from '../core/rules.ts';
import { RequestError } from '../errors.ts';
import { MAX_BODY, tooLarge } from './body.ts';
import type { HttpDeps, Peer } from './deps.ts';
import { observe, toProblem } from './observe.ts';
import type { Served } from './openapi/document.ts';
import { createRates } from './rate.ts';
import { type Carried, readCall } from './read_call.ts';
import { served } from './routes/table.ts';
import { securityHeaders } from './security_headers.ts';
import { serveAssets } from './serve_assets.ts';
import { createShared } from './shared.ts';

/** As Hono writes it. */
const patternOf = ({ route, base }: Served): string =>
  `${base}${route.path}`.replaceAll(/\{(\w+)\}/g, ':$1');

/** Methods of each pattern, whatever its parameters are called: for those who ask with another one. */
const methodsByPattern = (): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const one of served) {
    const pattern = patternOf(one).replaceAll(/:\w+/g, ':any');
    found.set(pattern, [...(found.get(pattern) ?? []), one.route.method]);
  }
  return found;
};

const corsFor = (origins: readonly string[]) =>
  cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: [
      'X-API-Key',
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
    ],
    exposeHeaders: ['Location', 'Retry-After', 'Idempotency-Replayed'],
    maxAge: 3600,
  });

/** What is answered is of this moment, and for this caller: nobody in between is to keep it. */
const keepNothing: MiddlewareHandler = async (context, next) => {
  await next();
  if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
};

const ASSETS = ['/', '/docs', '/assets/*'];

/** The app; it asks nothing of the store until it is asked. */
export const createHttpApp = (given: HttpDeps): Hono<{ Bindings: Peer }> => {
  const deps = { ...given, ...createShared(given) };
  const rates = createRates(deps.rate_limit);
  const app = new Hono<Carried>();
  app.use(observe(deps), securityHeaders(), keepNothing);
  if (deps.cors_origins.length > 0) app.use(corsFor(deps.cors_origins));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY,
      onError: () => {
        throw tooLarge();
      },
    }),
  );
  app.onError(toProblem(deps));
  app.notFound(({ req }) => {
    throw new RequestError('no_route', `There is nothing at ${show(req.path)}.`);
  });
  for (const one of served) {
    app.on(one.route.method, patternOf(one), async (context) => {
      context.set('pattern', `${one.base}${one.route.path}`);
      return one.route.run(await readCall(context, one, deps, rates));
    });
  }
  for (const path of ASSETS) app.get(path, serveAssets(deps.assets));
  const refuseOthers = (pattern: string, methods: string[]) =>
    app.all(pattern, ({ req }) => {
      const allow = [...new Set(methods)].join(', ');
      const message = `${show(req.method)} cannot be used here; expected ${allow}.`;
      throw new RequestError('method_not_allowed', message, { allow });
    });
  for (const [pattern, methods] of methodsByPattern()) refuseOthers(pattern, methods);
  for (const path of ASSETS) refuseOthers(path, ['GET']);
  return app as unknown as Hono<{ Bindings: Peer }>;
};
