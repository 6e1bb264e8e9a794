// An earlier scheduler in a file, and a real store that its schedules and its history go into.
import type { EarlierSource } from '../../src/core/earlier.ts';
import { type ImportedSchedule, importSchedules } from '../../src/core/import.ts';
import {
  type HistoryOptions,
  type ImportedHistory,
  importExecutions,
} from '../../src/core/import_history.ts';
import type { Store } from '../../src/core/store.ts';
import { type Earlier, earlierFile, earlierTables, reading } from '../support/earlier.ts';
import { scene } from './schedules/scene.ts';

interface Row {
  job_id: string;
  name: string;
  job_type: string;
  schedule_expression: string;
  config: string;
  status: string;
  timeout_seconds: number;
  retry_count: number;
  retry_delay_seconds: number;
  description: string;
  created_at: string;
}

const quoted = (value: unknown): string =>
  typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;

const insert = (table: string, row: object): string =>
  `INSERT INTO ${table} (${Object.keys(row).join(', ')})
   VALUES (${Object.values(row).map(quoted).join(', ')})`;

let made = 0;

/** A row of `jobs`, due every hour; a test overrides the column it is about. Later ones come after it. */
export const aJob = (row: Partial<Row> = {}): string => {
  made += 1;
  return insert('jobs', {
    job_id: `j${made}`,
    name: `job ${made}`,
    job_type: 'demo',
    schedule_expression: '0 * * * *',
    config: '{}',
    created_at: new Date(Date.UTC(2025, 0, 1) + made * 1000).toISOString(),
    ...row,
  });
};

/** A row of `job_executions`. */
export const anExecution = (job_id: string, at: string, row: object = {}): string => {
  made += 1;
  const times = { created_at: at, started_at: at, finished_at: at };
  return insert('job_executions', {
    execution_id: `e${made}`,
    job_id,
    status: 'success',
    ...times,
    ...row,
  });
};

/** Any job type but the demo's would be refused there. */
const tables = earlierTables.sqlite.map((sql) => sql.replace(/ CHECK \(job_type IN [^)]*\)\)/, ''));

export const earlierWith = (...statements: string[]): Promise<Earlier> =>
  earlierFile(...tables, ...statements);

export const importScene = async (run?: () => unknown) => {
  const line = await scene({}, run);
  const deps = line.scheduleDeps;
  const schedulesOf = (from: Earlier, dry_run = false): Promise<ImportedSchedule[]> =>
    reading(from, ({ schedules }) => importSchedules(schedules, dry_run, deps));
  const all = async (
    from: Earlier,
    options: Partial<HistoryOptions> = {},
    store: Store = deps.store,
  ): Promise<{ schedules: ImportedSchedule[]; history: ImportedHistory }> =>
    reading(from, async (source: EarlierSource) => {
      const { dry_run = false } = options;
      const schedules = await importSchedules(source.schedules, dry_run, deps);
      const wanted = { dry_run, interrupt: null, ...options };
      return { schedules, history: await importExecutions(source, schedules, wanted, store) };
    });
  return { ...line, importSchedules: schedulesOf, importAll: all };
};

/** `created job 1`, `refused job 2: schedule_expression` */
export const lineOf = ({ action, name, problems }: ImportedSchedule): string => {
  const paths = problems.map(({ path }) => path).join(', ');
  return `${action} ${name}${paths && `: ${paths}`}`;
};
