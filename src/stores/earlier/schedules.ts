// Rows of the earlier table `jobs`, each a cron schedule, as schedules of ours.
import type { EarlierSchedule } from '../../core/earlier.ts';
import { show } from '../../core/rules.ts';
import type { ScheduleStatus } from '../../core/schedule.ts';
import type { Problem } from '../../errors.ts';
import type { Row } from './database.ts';
import { scheduleIdOf } from './ids.ts';
import { noneOf } from './notes.ts';
import { flagOf, jsonOf, numberOf, wordOf } from './values.ts';

const statuses = new Map<string, ScheduleStatus>([
  ['active', 'active'],
  ['enabled', 'active'],
  ['inactive', 'inactive'],
  ['disabled', 'inactive'],
  ['paused', 'paused'],
  ['suspended', 'paused'],
  ['deleted', 'deleted'],
  ['archived', 'deleted'],
]);

type Refuse = (path: string, message: string) => void;

const given = (text: string | null | undefined): string | undefined =>
  text === null || text?.trim() === '' ? undefined : text;

const flagIn = (row: Row, column: string, otherwise: boolean, refuse: Refuse): boolean => {
  const word = given(row[column]);
  const value = word === undefined ? otherwise : flagOf(word);
  if (value === undefined) refuse(column, noneOf(word ?? '', ['true', 'false']));
  return value ?? otherwise;
};

const statusOf = (row: Row, refuse: Refuse): ScheduleStatus => {
  const word = given(row.status) ?? 'active';
  const status = statuses.get(wordOf(word));
  if (status === undefined) refuse('status', noneOf(word, [...statuses.keys()]));
  const may_run = flagIn(row, 'enabled', true, refuse);
  return status === 'active' && !may_run ? 'inactive' : (status ?? 'inactive');
};

/** A number, or the text that is none: whoever validates it names it. */
const amount = (text: string | null | undefined): number | string | undefined => {
  const word = given(text);
  return word === undefined ? undefined : (numberOf(word) ?? word);
};

/** No length of time meant no limit. */
const timeoutOf = (row: Row): number | string | undefined => {
  const seconds = amount(row.timeout_seconds);
  return typeof seconds === 'number' && seconds <= 0 ? undefined : seconds;
};

const configOf = (row: Row, refuse: Refuse): unknown => {
  const text = given(row.config);
  if (text === undefined) return {};
  const value = jsonOf(text);
  if (value === undefined) refuse('config', `${show(text)} is not JSON`);
  return value ?? {};
};

/** An enum of Python writes itself with its class before it. */
const typeOf = (text: string): string => text.trim().replace(/^[A-Z]\w*\.(?=[A-Z0-9_]+$)/, '');

const without = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/**
 * The earlier daemon ran each of its jobs once at a time, made up for one missed time, waited equally
 * long before every retry, and read expressions in UTC.
 */
export const toSchedule = (row: Row): EarlierSchedule => {
  const problems: Problem[] = [];
  const refuse: Refuse = (path, message) => problems.push({ path, message });
  const id = given(row.id);
  if (id === undefined) refuse('id', 'is missing');
  const name = row.name ?? '';
  return {
    earlier_id: id ?? '',
    schedule_id: scheduleIdOf(id ?? ''),
    name,
    status: statusOf(row, refuse),
    input: without({
      name,
      job_type: typeOf(row.job_type ?? ''),
      schedule_expression: row.schedule_expression ?? '',
      timezone: given(row.timezone)?.trim(),
      config: configOf(row, refuse),
      description: given(row.description),
      max_retries: amount(row.max_retries),
      retry_delay_seconds: amount(row.retry_delay_seconds),
      retry_backoff: 'fixed',
      timeout_seconds: timeoutOf(row),
      missed: 'latest',
      concurrency_policy: 'forbid',
      run_on_startup: flagIn(row, 'run_on_startup', false, refuse),
    }),
    problems,
  };
};
