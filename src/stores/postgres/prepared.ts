// Prepared statements where the connection keeps them, whole ones where it does not. Prepared, a call
// costs the server a tenth less; but a pooler that hands each transaction to another connection may
// not know what was prepared. It says so before anything is done, so nothing is done twice.
import { createHash } from 'node:crypto';
import type { QueryConfig, QueryResult } from 'pg';
import { isError } from '../../core/thrown.ts';

type Send = (query: QueryConfig) => Promise<QueryResult>;

/** The same text has the same name everywhere: what another process prepared under it fits. */
const nameOf = (text: string): string =>
  `cloud_jobs_${createHash('sha256').update(text).digest('hex').slice(0, 20)}`;

/**
 * invalid_sql_statement_name, duplicate_prepared_statement, and feature_not_supported: a function
 * answers another type since `init` has upgraded it.
 */
const REFUSED: unknown[] = ['26000', '42P05', '0A000'];

const isRefused = (error: unknown): boolean =>
  isError(error) && 'code' in error && REFUSED.includes(error.code);

/** Sends statements by name until the first time that is refused, then whole. */
export const preparing = (send: Send) => {
  const names = new Map<string, string>();
  let may_prepare = true;
  return async (text: string, values: unknown[]): Promise<QueryResult> => {
    if (!may_prepare) return send({ text, values });
    const name = names.get(text) ?? nameOf(text);
    names.set(text, name);
    try {
      return await send({ name, text, values });
    } catch (error) {
      if (!isRefused(error)) throw error;
      may_prepare = false;
      return send({ text, values });
    }
  };
};
