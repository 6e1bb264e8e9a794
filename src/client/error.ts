// What a call of the client throws when it was not answered as hoped for.
import type { ProblemAnswer } from '../http/wire/answers.ts';

interface Told {
  status: number;
  code: string;
  problem?: ProblemAnswer | null;
  retry_after_seconds?: number | null;
  cause?: unknown;
}

/** `message` is a sentence for people, `code` a word for programs. */
export class ApiError extends Error {
  // Written out: in a minified bundle the class itself has another name.
  override name = 'ApiError';
  /** of HTTP; 0 = there was no answer, or none that may be read */
  readonly status: number;
  /** that of the problem; else `unreachable`, `redirected`, `answer_invalid` or `http_STATUS` */
  readonly code: string;
  /** what the API says of it; null = the answer did not come from the API, or there was none */
  readonly problem: ProblemAnswer | null;
  /** when it may be asked again; null = it did not say */
  readonly retry_after_seconds: number | null;

  constructor(message: string, told: Told) {
    super(message, told.cause === undefined ? undefined : { cause: told.cause });
    this.status = told.status;
    this.code = told.code;
    this.problem = told.problem ?? null;
    this.retry_after_seconds = told.retry_after_seconds ?? null;
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a page of some gateway: its status says all there is to say
  }
};

const isProblem = (value: unknown): value is ProblemAnswer =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'detail' in value &&
  typeof value.detail === 'string';

/** Seconds, or a date (RFC 9110). */
const retryAfterOf = ({ headers }: Response): number | null => {
  const given = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(given)) return Number(given);
  const until = Date.parse(given);
  return Number.isNaN(until) ? null : Math.max(0, (until - Date.now()) / 1000);
};

/** `what` was asked, as `GET /api/v1/jobs`; reads the answer to its end. */
export const refusalOf = async (what: string, response: Response): Promise<ApiError> => {
  const { status } = response;
  const retry_after_seconds = retryAfterOf(response);
  const problem = parsed(await response.text());
  if (isProblem(problem)) {
    return new ApiError(problem.detail, {
      status,
      code: problem.code,
      problem,
      retry_after_seconds,
    });
  }
  // What a browser tells of a redirect that is not followed.
  const redirected = response.type === 'opaqueredirect' || (status >= 300 && status < 400);
  const said = redirected ? 'a redirect, which is not followed' : String(status);
  const code = redirected ? 'redirected' : `http_${status}`;
  return new ApiError(`${what} was answered with ${said}.`, { status, code, retry_after_seconds });
};
