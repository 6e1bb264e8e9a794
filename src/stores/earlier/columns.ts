// Which column stands for which of our words: the names that the earlier scheduler and its kin use,
// the likeliest first.
import { InputError } from '../../errors.ts';
import type { EarlierDatabase } from './database.ts';

interface Wanted {
  names: string[];
  needed?: true;
}

export interface Table {
  name: string;
  wanted: Record<string, Wanted>;
  /** what is worked out anew here, and so no loss */
  derived: string[];
}

export const jobsTable: Table = {
  name: 'jobs',
  wanted: {
    id: { names: ['job_id', 'id'], needed: true },
    name: { names: ['name', 'job_name', 'title'], needed: true },
    job_type: { names: ['job_type', 'type', 'task_type'], needed: true },
    schedule_expression: {
      names: [
        'schedule_expression',
        'cron_expression',
        'cron',
        'cron_expr',
        'cron_schedule',
        'crontab',
        'schedule',
        'expression',
      ],
      needed: true,
    },
    timezone: { names: ['timezone', 'tz', 'time_zone'] },
    config: { names: ['config', 'config_json', 'job_config', 'parameters', 'params', 'payload'] },
    status: { names: ['status', 'job_status', 'state'] },
    enabled: { names: ['enabled', 'is_enabled', 'is_active', 'active'] },
    description: { names: ['description'] },
    max_retries: { names: ['max_retries', 'retry_count', 'retries', 'max_retry_count'] },
    retry_delay_seconds: { names: ['retry_delay_seconds', 'retry_delay', 'retry_interval'] },
    timeout_seconds: { names: ['timeout_seconds', 'timeout', 'max_runtime_seconds'] },
    run_on_startup: { names: ['run_on_startup', 'run_on_start', 'run_at_startup'] },
    created_at: { names: ['created_at', 'created', 'date_created'] },
  },
  derived: [
    'updated_at',
    'updated',
    'last_execution',
    'last_run',
    'last_run_at',
    'last_executed_at',
    'next_execution',
    'next_run',
    'next_run_at',
  ],
};

export const executionsTable: Table = {
  name: 'job_executions',
  wanted: {
    id: { names: ['execution_id', 'id', 'run_id'], needed: true },
    job_id: { names: ['job_id'], needed: true },
    status: { names: ['status', 'execution_status', 'state'], needed: true },
    started_at: { names: ['started_at', 'start_time', 'started'] },
    finished_at: { names: ['finished_at', 'completed_at', 'ended_at', 'end_time', 'finished'] },
    created_at: { names: ['created_at', 'created', 'scheduled_at', 'scheduled_time'] },
    duration_seconds: {
      names: ['duration_seconds', 'duration', 'execution_time_seconds', 'execution_time'],
    },
    duration_ms: { names: ['duration_ms', 'execution_time_ms'] },
    result: { names: ['result', 'result_data', 'result_json', 'output'] },
    error_message: { names: ['error_message', 'error', 'error_msg'] },
    traceback: { names: ['error_traceback', 'traceback', 'stack_trace', 'error_details'] },
    logs: { names: ['logs', 'log', 'log_output', 'execution_logs'] },
    retry_attempt: {
      names: ['retry_attempt', 'attempt', 'attempt_number', 'retry_number', 'retry_count'],
    },
  },
  derived: ['updated_at'],
};

export interface Chosen {
  /** by our names; null = there is no such table */
  columns: Record<string, string> | null;
  /** columns that stand for nothing here */
  unknown: string[];
}

/** `jobId` and `JOB_ID` are spellings of `job_id`. */
const plain = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

const missingSentence = ({ name, wanted }: Table, where: string, missing: string[]): string =>
  `the table ${name} of ${where} has no column for ${missing
    .map((word) => `the ${word.replaceAll('_', ' ')} (${wanted[word]?.names.join(', ')})`)
    .join(', nor for ')}`;

/** Throws InputError naming every column that is needed and not there. */
export const chooseColumns = async (database: EarlierDatabase, table: Table): Promise<Chosen> => {
  const there = await database.columnsOf(table.name);
  if (there.length === 0) return { columns: null, unknown: [] };
  const columns: Record<string, string> = {};
  for (const [word, { names }] of Object.entries(table.wanted)) {
    const found = names.flatMap((name) => there.filter((column) => plain(column) === name));
    if (found[0] !== undefined) columns[word] = found[0];
  }
  const missing = Object.keys(table.wanted).filter(
    (word) => table.wanted[word]?.needed && columns[word] === undefined,
  );
  if (missing.length > 0) {
    const message = missingSentence(table, database.where, missing);
    throw new InputError([{ path: '', message }], 'Import refused');
  }
  const used = new Set(Object.values(columns));
  return {
    columns,
    unknown: there.filter((name) => !used.has(name) && !table.derived.includes(plain(name))),
  };
};
