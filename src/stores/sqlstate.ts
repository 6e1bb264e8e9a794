// SQLSTATE → the runner's own errors, whether it came from the driver or from PostgREST. Never by
// message: messages change with version and language.
import {
  InputError,
  type RunnerError,
  SchemaError,
  StoreRefusedError,
  StoreUnavailableError,
} from '../errors.ts';
import { POSTGRES_SCHEMA_VERSION } from './postgres/schema.ts';
import { refusedDependency } from './refusals.ts';
import { schemaMismatch } from './sql_files.ts';

/** What a store said instead of an answer. */
export interface Fault {
  /** SQLSTATE, PostgREST's PGRST code, or '' for none */
  code: string;
  message: string;
  detail: string | null;
  /** HTTP status, where there is one; 0 = no answer */
  status?: number;
}

const matches = (pattern: RegExp) => (code: string) => pattern.test(code);

/** Functions or tables that are not there. */
const isMissing = matches(/^(42883|42P01|3F000|PGRST202|PGRST205|PGRST106)$/);

/** The user, the password, the key or the rights are not right. */
const isRefused = matches(/^(28...|3D000|42501|PGRST30[0-3])$/);

/**
 * The same call may go through when it is sent again: connection lost, server starting or stopping,
 * resources short, cancelled, or an earlier sending of the same call still under way (23505, CJ003).
 */
const isPassing = matches(
  /^(08...|53...|57P0[0-5]|57014|58...|40001|40P01|55P03|25006|23505|CJ003|PGRST00[0-3]|)$/,
);

/** Text that JSON allows and Postgres does not keep. */
const isUnkept = matches(/^(22P05|22P02|22021)$/);

/** The error to throw; `where` names the store without any secret. */
export const explainFault = (fault: Fault, where: string, cause: unknown): RunnerError | Error => {
  const { code, message, detail, status = 200 } = fault;
  if (code === 'CJ001') return schemaMismatch(Number(detail), POSTGRES_SCHEMA_VERSION, where);
  if (code === 'CJ002') return refusedDependency(JSON.parse(detail ?? '{}'));
  if (code === 'CJ004') return new SchemaError('schema_older', message);
  if (isMissing(code)) {
    const text = `There are no cloud-jobs tables in ${where}, or older ones: run \`cloud-jobs init\`.`;
    return new SchemaError('schema_missing', text, { cause });
  }
  if (isRefused(code) || status === 401 || status === 403) {
    return new StoreRefusedError(`${where} refuses the given user or key: ${message}`, { cause });
  }
  if (isUnkept(code)) return new InputError([{ path: '', message }]);
  if (isPassing(code) || status === 0 || status === 429 || status >= 500) {
    return new StoreUnavailableError(`${where} does not answer: ${message}`, { cause });
  }
  return new Error(`${where} answered with an error (${code}): ${message}`, { cause });
};
