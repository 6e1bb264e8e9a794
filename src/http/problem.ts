// Whatever went wrong, as the answer that says so (RFC 9457).
import { STATUS_CODES } from 'node:http';
import { httpStatusOf, ProblemsError, RequestError, RunnerError } from '../errors.ts';
import type { ProblemAnswer } from './wire/answers.ts';

/** Faults of this side, of which the caller learns no more than where to look. */
const ours = (error: unknown): boolean => !(error instanceof RunnerError);

/** Whether the log is to say more of it: it is a fault of this side, or of its store. */
export const isLogged = (error: unknown): boolean =>
  httpStatusOf(error) >= 500 && !(error instanceof RequestError);

const detailOf = (error: unknown, request_id: string): string =>
  ours(error)
    ? `Something went wrong here; the log says more under ${request_id}.`
    : (error as RunnerError).message;

const headersOf = (error: unknown): Record<string, string> => {
  if (error instanceof RequestError) return error.headers;
  return httpStatusOf(error) === 503 ? { 'retry-after': '2' } : {};
};

/** `request_id` is that of the line in the log. */
export const problemOf = (error: unknown, request_id: string): Response => {
  const status = httpStatusOf(error);
  const problem: ProblemAnswer = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: detailOf(error, request_id),
    code: error instanceof RunnerError ? error.code : 'unexpected',
    ...(error instanceof ProblemsError && { errors: error.problems }),
    ...(isLogged(error) && { request_id }),
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headersOf(error) },
  });
};
