// Every error class of the runner, with its code; the table from code to exit code stands at the end.

export type ErrorCode =
  | 'settings_invalid'
  | 'usage'
  | 'input_invalid'
  | 'not_found'
  | 'conflict'
  | 'schema_missing'
  | 'schema_newer'
  | 'schema_older'
  | 'store_unavailable'
  | 'store_refused'
  | 'execution_over'
  | RequestFault;

/** What may be wrong with a request of HTTP, whatever it asks for. */
export type RequestFault =
  | 'unauthorized'
  | 'forbidden'
  | 'no_route'
  | 'method_not_allowed'
  | 'too_large'
  | 'not_json'
  | 'idempotency_key_reused'
  | 'too_many_requests'
  | 'too_many_streams';

/** One fault in something that came from outside: where it is, and what was expected there. */
export interface Problem {
  path: string;
  message: string;
}

/** A sentence for people, a code for programs. `cause` keeps what a driver or a library threw. */
export class RunnerError extends Error {
  // Written out for each class: in a minified bundle the class itself has another name.
  override name = 'RunnerError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

const listProblems = (problems: Problem[]): string =>
  problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');

/** Carries every fault at once, for those who show them one a line under their heading. */
export class ProblemsError extends RunnerError {
  override name = 'ProblemsError';
  readonly heading: string;
  readonly problems: Problem[];

  constructor(code: ErrorCode, heading: string, problems: Problem[]) {
    super(code, `${heading}: ${listProblems(problems)}`);
    this.heading = heading;
    this.problems = problems;
  }
}

/** Settings that cannot be used. */
export class SettingsError extends ProblemsError {
  override name = 'SettingsError';

  constructor(problems: Problem[]) {
    super('settings_invalid', 'Settings cannot be used', problems);
  }
}

/** Data from a caller (a job, its config, an id, a date) that is refused; nothing was changed. */
export class InputError extends ProblemsError {
  override name = 'InputError';

  constructor(problems: Problem[], heading = 'Refused') {
    super('input_invalid', heading, problems);
  }
}

/** A command line that asks for something that does not exist. */
export class UsageError extends RunnerError {
  override name = 'UsageError';

  constructor(message: string) {
    super('usage', message);
  }
}

export class NotFoundError extends RunnerError {
  override name = 'NotFoundError';

  constructor(what: 'job' | 'schedule', id: string) {
    const command = what === 'job' ? 'list' : 'schedule list';
    super('not_found', `There is no ${what} ${id}. \`cloud-jobs ${command}\` shows what there is.`);
  }
}

/** The thing exists, but its present state does not allow what was asked. */
export class ConflictError extends RunnerError {
  override name = 'ConflictError';

  constructor(message: string) {
    super('conflict', message);
  }
}

/** The tables are absent, older or newer than this code. */
export class SchemaError extends RunnerError {
  override name = 'SchemaError';

  constructor(
    code: 'schema_missing' | 'schema_newer' | 'schema_older',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
  }
}

/** The store did not answer, or was busy for too long. The same call may be sent again. */
export class StoreUnavailableError extends RunnerError {
  override name = 'StoreUnavailableError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('store_unavailable', message, options);
  }
}

/** The store answered, but not to this user, password or key. Sending again cannot help. */
export class StoreRefusedError extends RunnerError {
  override name = 'StoreRefusedError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('store_refused', message, options);
  }
}

/** A request of HTTP that is refused before it reaches any job. */
export class RequestError extends RunnerError {
  override name = 'RequestError';
  /** of the answer, besides those that all have */
  readonly headers: Record<string, string>;

  constructor(code: RequestFault, message: string, headers: Record<string, string> = {}) {
    super(code, message);
    this.headers = headers;
  }
}

/** Code of a job called its context after its execution had ended. */
export class ExecutionOverError extends RunnerError {
  override name = 'ExecutionOverError';

  constructor(why: string) {
    super('execution_over', `This execution is over (${why}); nothing more can be written for it.`);
  }
}

const exitCodes: Record<Exclude<ErrorCode, RequestFault>, 1 | 2 | 3> = {
  settings_invalid: 2,
  usage: 2,
  input_invalid: 2,
  not_found: 2,
  conflict: 2,
  schema_missing: 2,
  schema_newer: 2,
  schema_older: 2,
  store_unavailable: 3,
  store_refused: 2,
  execution_over: 1,
};

/** 2 for what the caller must change, 3 for a store that cannot be reached, 1 for all else. */
export const exitCodeOf = (error: unknown): 1 | 2 | 3 =>
  error instanceof RunnerError && error.code in exitCodes
    ? exitCodes[error.code as keyof typeof exitCodes]
    : 1;

const httpStatuses: Partial<Record<ErrorCode, number>> = {
  usage: 400,
  input_invalid: 400,
  not_found: 404,
  conflict: 409,
  store_unavailable: 503,
  schema_missing: 503,
  schema_newer: 503,
  schema_older: 503,
  unauthorized: 401,
  forbidden: 403,
  no_route: 404,
  method_not_allowed: 405,
  too_large: 413,
  not_json: 415,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  too_many_streams: 503,
};

/** 4xx for what the caller must change, 503 for a store that cannot be reached, 500 for all else. */
export const httpStatusOf = (error: unknown): number =>
  (error instanceof RunnerError ? httpStatuses[error.code] : undefined) ?? 500;

// Job code may be built against another copy of this package than the one that runs it (the
// command line is a bundle of its own), so these two are told by a shared symbol, not by class.
const STEER = Symbol.for('cloud-jobs.steer');

/** Thrown by job code: go on after `delaySeconds`; no retry is used and saved steps are kept. */
export class RetryLater extends Error {
  readonly [STEER] = 'retry_later';
  readonly delaySeconds: number;

  constructor(delaySeconds: number, reason = 'asked to be retried later') {
    super(reason);
    this.name = 'RetryLater';
    this.delaySeconds = delaySeconds;
  }
}

/** Thrown by job code: retrying cannot help; the job ends `failed` at once. */
export class Discard extends Error {
  readonly [STEER] = 'discard';

  constructor(reason: string) {
    super(reason);
    this.name = 'Discard';
  }
}

const steerOf = (thrown: unknown): unknown => {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  try {
    return Reflect.get(thrown, STEER);
  } catch {
    return undefined; // what was thrown refuses to be read: it is none of ours
  }
};

export const isRetryLater = (thrown: unknown): thrown is RetryLater =>
  steerOf(thrown) === 'retry_later';

export const isDiscard = (thrown: unknown): thrown is Discard => steerOf(thrown) === 'discard';
