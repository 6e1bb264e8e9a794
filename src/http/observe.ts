// Says of each request what came of it; whatever was thrown becomes an answer.
import type { ErrorHandler, MiddlewareHandler } from 'hono';
import { describeThrown } from '../core/thrown.ts';
import { RunnerError } from '../errors.ts';
import type { HttpDeps } from './deps.ts';
import { problemOf } from './problem.ts';
import type { Carried } from './read_call.ts';

type ObserveDeps = Pick<HttpDeps, 'log' | 'clock' | 'newId'>;

/** The pattern of a path, and not the path: ids stay out of it, and figures by it stay few. */
export const observe =
  ({ log, clock }: ObserveDeps): MiddlewareHandler<Carried> =>
  async (context, next) => {
    const began = clock.now();
    await next();
    const caller = context.get('caller');
    log({
      event: 'http.answered',
      method: context.req.method,
      path: context.get('pattern') ?? '(none)',
      status: context.res.status,
      duration_ms: Math.round(clock.now() - began),
      actor: caller?.actor ?? null,
      source_ip: caller?.source_ip ?? null,
    });
  };

/** What is none of our errors is a fault of ours: its text stays in the log. */
export const toProblem =
  ({ log, newId }: ObserveDeps): ErrorHandler<Carried> =>
  (error, { req }) => {
    const request_id = newId();
    // Of a caller that hung up, what it had not sent yet cannot be read: nobody is at fault.
    if (!(error instanceof RunnerError || req.raw.signal.aborted)) {
      const { message, stack } = describeThrown(error);
      log({ event: 'http.failed', request_id, reason: message, stack });
    }
    return problemOf(error, request_id);
  };
