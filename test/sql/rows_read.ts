// How many rows a call reads, counted by the server, with whatever comes before it undone afterwards.
import { expect } from '@jest/globals';
import type pg from 'pg';

const READ = `
  SELECT relname AS table, seq_scan::int, seq_tup_read::int, idx_tup_fetch::int
  FROM pg_stat_xact_user_tables WHERE schemaname = 'public' AND (seq_scan > 0 OR idx_tup_fetch > 0)`;

export interface Read {
  table: string;
  seq_scan: number;
  seq_tup_read: number;
  idx_tup_fetch: number;
}

/** A call, what comes before it, and how many rows it may read at most. */
export interface Reading {
  before?: string[];
  call: string;
  most: number;
}

/** Per table, what `call` reads in a transaction of its own, which is rolled back. */
const readBy = async (
  client: pg.Client,
  { call, before = [] }: Pick<Reading, 'call' | 'before'>,
): Promise<Read[]> => {
  await client.query('BEGIN');
  for (const statement of before) await client.query(statement);
  const earlier = new Map((await client.query<Read>(READ)).rows.map((row) => [row.table, row]));
  const { rows: answers } = await client.query<{ answer: unknown }>(`SELECT ${call} AS answer`);
  expect(answers[0]?.answer).not.toBeNull();
  const { rows } = await client.query<Read>(READ);
  await client.query('ROLLBACK');
  return rows.map(({ table, seq_scan, seq_tup_read, idx_tup_fetch }) => ({
    table,
    seq_scan: seq_scan - (earlier.get(table)?.seq_scan ?? 0),
    seq_tup_read: seq_tup_read - (earlier.get(table)?.seq_tup_read ?? 0),
    idx_tup_fetch: idx_tup_fetch - (earlier.get(table)?.idx_tup_fetch ?? 0),
  }));
};

/** Fails unless all that is read is a few rows found by indexes. */
export const expectFew = async (client: pg.Client, reading: Reading): Promise<void> => {
  const read = await readBy(client, reading);
  const walked = read.filter(({ seq_tup_read }) => seq_tup_read > 0);
  const fetched = read.reduce((sum, { idx_tup_fetch }) => sum + idx_tup_fetch, 0);
  expect({ walked, read, few: fetched <= reading.most }).toEqual({ walked: [], read, few: true });
};
