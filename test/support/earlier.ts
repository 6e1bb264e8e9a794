// Databases of the earlier scheduler, in the shapes in which its two kinds of installation have them.
import Driver from 'libsql';
import type { EarlierExecution, EarlierSource } from '../../src/core/earlier.ts';
import { openEarlier } from '../../src/stores/earlier/open.ts';
import { newDatabase } from './postgres.ts';
import { query } from './servers/postgres.ts';
import { tempFile } from './temp.ts';

export interface Earlier {
  /** as `import` takes it */
  address: string;
  run(...statements: string[]): Promise<void>;
}

/** A file with these statements run in it; its name has what an address could stumble over. */
export const earlierFile = async (...statements: string[]): Promise<Earlier & { path: string }> => {
  const path = tempFile('old %41 papers#1?.db');
  const run = async (...more: string[]) => {
    const driver = new Driver(path);
    for (const statement of more) driver.exec(statement);
    driver.close();
  };
  await run('PRAGMA user_version = 1', ...statements);
  return { path, address: `sqlite:${path}`, run };
};

export const earlierServer = async (...statements: string[]): Promise<Earlier> => {
  const { url } = await newDatabase();
  const run = async (...more: string[]) => {
    // As in a project, whose clock is UTC.
    await query(url, "SET TimeZone = 'UTC'", ...more);
  };
  await run(...statements);
  return { address: url, run };
};

const tables = (json: string, time: string): string[] => [
  `CREATE TABLE jobs (
    job_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    job_type TEXT NOT NULL CHECK (job_type IN ('paper_fetch', 'maintenance', 'custom')),
    schedule_expression TEXT NOT NULL,
    config ${json} NOT NULL,
    status TEXT NOT NULL DEFAULT 'active'
      CHECK (status IN ('active', 'inactive', 'paused', 'deleted')),
    description TEXT DEFAULT '',
    timeout_seconds INTEGER DEFAULT 3600,
    retry_count INTEGER DEFAULT 3,
    retry_delay_seconds INTEGER DEFAULT 300,
    created_at ${time} DEFAULT CURRENT_TIMESTAMP,
    updated_at ${time} DEFAULT CURRENT_TIMESTAMP,
    last_execution ${time},
    next_execution ${time})`,
  `CREATE TABLE job_executions (
    execution_id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
    status TEXT NOT NULL DEFAULT 'pending'
      CHECK (status IN ('pending', 'running', 'success', 'failed', 'cancelled', 'timeout')),
    started_at ${time},
    finished_at ${time},
    duration_seconds REAL,
    result ${json},
    error_message TEXT,
    retry_attempt INTEGER DEFAULT 0,
    logs TEXT,
    created_at ${time} DEFAULT CURRENT_TIMESTAMP)`,
];

/** As it made them in a file, and as people pasted them into a project. */
export const earlierTables = {
  sqlite: tables('TEXT', 'TIMESTAMP'),
  postgres: tables('JSONB', 'TIMESTAMP WITH TIME ZONE'),
};

/** What `use` makes of the source, and whatever it could not use. */
export const reading = async <Answer>(
  { address }: Pick<Earlier, 'address'>,
  use: (source: EarlierSource) => Answer | Promise<Answer>,
): Promise<Answer> => {
  const source = await openEarlier(address);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
};

export const executionsOf = async (source: EarlierSource): Promise<EarlierExecution[]> => {
  const all: EarlierExecution[] = [];
  for await (const page of source.executions()) all.push(...page);
  return all;
};

/** The schedules of a file with these rows of `jobs`. */
export const schedulesOf = async (insert: string, tables = earlierTables.sqlite) =>
  reading(await earlierFile(...tables, insert), ({ schedules }) => schedules);
