// Says of each request what came of it; whatever was thrown becomes an answer.
import type { ErrorHandler, MiddlewareHandler } from 'hono';
import { describeThrown } from '../core/thrown.ts';
import { InputError, RunnerError } from '../errors.ts';
import { sourceOf } from './address.ts';
import type { HttpDeps } from './deps.ts';
import { isLogged, problemOf } from './problem.ts';
import type { Carried } from './read_call.ts';

type ObserveDeps = Pick<HttpDeps, 'log' | 'clock' | 'newId' | 'trusted_proxies'>;

/** The pattern of a path, and not the path: ids stay out of it, and figures by it stay few. */
export const observe =
  ({ log, clock, trusted_proxies }: ObserveDeps): MiddlewareHandler<Carried> =>
  async (context, next) => {
    const began = clock.now();
    await next();
    const forwarded = context.req.header('x-forwarded-for') ?? null;
    log({
      event: 'http.answered',
      method: context.req.method,
      path: context.get('pattern') ?? '(none)',
      status: context.res.status,
      duration_ms: Math.round(clock.now() - began),
      actor: context.get('caller')?.actor ?? null,
      // Also of those who were refused: guessing should be seen.
      source_ip: sourceOf(context.env, forwarded, trusted_proxies),
    });
  };

const brokenOff = new InputError([{ path: 'body', message: 'cannot be read to its end' }]);

/** What the caller cannot help is told in the log, too; of what is none of our errors, only there. */
export const toProblem =
  ({ log, newId }: ObserveDeps): ErrorHandler<Carried> =>
  (error, { req }) => {
    const request_id = newId();
    const known = error instanceof RunnerError;
    // Of a caller that hung up, or sends nonsense, the rest cannot be read: no fault of ours.
    if (!known && req.raw.signal.aborted) return problemOf(brokenOff, request_id);
    if (isLogged(error)) {
      const { message: reason, stack } = describeThrown(error);
      log({ event: 'http.failed', request_id, reason, stack: known ? null : stack });
    }
    return problemOf(error, request_id);
  };
