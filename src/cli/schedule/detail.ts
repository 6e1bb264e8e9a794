// How `schedule show` tells of a schedule: its rule and its job, its next times, its ledger.
import { lateSeconds, MOST_MADE_UP } from '../../core/cron/plan.ts';
import type { ReadRule } from '../../core/cron/read_rule.ts';
import { duration } from '../../core/lengths.ts';
import type {
  ConcurrencyPolicy,
  MissedPolicy,
  Schedule,
  SlotOutcome,
} from '../../core/schedule.ts';
import type { ScheduleDetail } from '../../core/schedule_store.ts';
import { type Fact, printFacts } from '../facts.ts';
import { age, count, moment, oneLine, statusWord } from '../format.ts';
import type { Output } from '../output.ts';
import { printSlots } from './slots.ts';
import { zoneTimes } from './times.ts';

const missedWords: Record<MissedPolicy, string> = {
  latest: 'only the latest time is made up for',
  all: `each time is made up for, the last ${MOST_MADE_UP} at most`,
  skip: 'no time is made up for',
};

const concurrencyWords: Record<ConcurrencyPolicy, string> = {
  allow: 'a job is made also while an earlier one is unfinished',
  forbid: 'no job is made while an earlier one is unfinished',
  replace: 'a job is made in place of an earlier one that is unfinished',
};

export interface Shown
  extends Pick<ScheduleDetail, 'schedule' | 'earlier' | 'now'>,
    Pick<ReadRule, 'words' | 'faults'> {
  /** null = nobody asked for any */
  slots: SlotOutcome[] | null;
  next_times: Date[];
}

const missed = ({ missed: policy, starting_deadline_seconds }: Schedule): string => {
  const seconds = lateSeconds({ missed: policy, starting_deadline_seconds });
  if (seconds === null) return `${policy}: ${missedWords[policy]}`;
  const late = `more than ${duration(seconds)} late`;
  const but = policy === 'skip' ? ` that is ${late}` : `, and none that is ${late}`;
  return `${policy}: ${missedWords[policy]}${but}`;
};

const concurrency = ({ concurrency_policy: policy }: Schedule): string =>
  `${policy}: ${concurrencyWords[policy]}`;

const faultOf = (output: Output, faults: Shown['faults']): string | null => {
  if (faults.length === 0) return null;
  const told = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return output.paint.red(oneLine(told, 1000));
};

const facts = (output: Output, { schedule, words, faults, now }: Shown): Fact[] => {
  const since = (at: Date | null) => at && `${moment(at)} (${age(at, now)})`;
  const { max_retries, retry_delay_seconds, retry_backoff, timeout_seconds } = schedule;
  const backoff = `${retry_delay_seconds} s apart, ${retry_backoff}`;
  return [
    ['status', statusWord(output.paint, schedule.status)],
    ['rule', `${oneLine(schedule.schedule_expression)} (${oneLine(schedule.timezone)})`],
    ['in words', words],
    ['fault', faultOf(output, faults)],
    ['missed', missed(schedule)],
    ['concurrency', concurrency(schedule)],
    ['on start-up', schedule.run_on_startup ? 'a job is made' : null],
    ['type', oneLine(schedule.job_type)],
    ['description', schedule.description && oneLine(schedule.description, 500)],
    ['config', oneLine(JSON.stringify(schedule.config), 500)],
    ['priority', String(schedule.priority)],
    ['retries', `${max_retries}${max_retries === 0 ? '' : `, ${backoff}`}`],
    ['timeout', timeout_seconds === null ? null : duration(timeout_seconds)],
    ['unique key', schedule.unique_key && oneLine(schedule.unique_key)],
    ['written by', schedule.applied ? 'apply' : null],
    ['created', since(schedule.created_at)],
    ['changed', schedule.updated_at > schedule.created_at ? since(schedule.updated_at) : null],
    ['last job', since(schedule.last_execution)],
  ];
};

const printNext = async (output: Output, { schedule, next_times, faults, now }: Shown) => {
  if (schedule.status === 'deleted' || faults.length > 0) return;
  const { paint } = output;
  const would =
    schedule.status === 'active' ? 'Next times' : `Next times would be (it is ${schedule.status})`;
  output.line(`\n${paint.bold(next_times.length === 0 ? 'No more times will come' : would)}`);
  if (next_times.length === 0) return;
  const { local, utc, is_utc } = zoneTimes(schedule.timezone);
  const [head, ...rest] = is_utc ? ['UTC'] : [schedule.timezone, 'UTC'];
  await output.table(
    [head ?? '', ...rest, 'when'],
    next_times.map((at) => [...(is_utc ? [] : [local(at)]), utc(at), age(at, now)]),
  );
};

const printEarlier = ({ line, paint }: Output, { earlier, schedule }: Shown): void => {
  const others = earlier.filter(({ schedule_id }) => schedule_id !== schedule.schedule_id);
  if (others.length === 0) return;
  line(`\n${paint.bold(`${count(others.length, 'deleted schedule')} of the same name`)}`);
  for (const { schedule_id, created_at, deleted_at } of others) {
    line(`  ${schedule_id}  ${moment(created_at)} – ${moment(deleted_at)}`);
  }
};

export const printSchedule = async (output: Output, shown: Shown): Promise<void> => {
  const { schedule, now } = shown;
  const { paint } = output;
  output.line(`${paint.bold(oneLine(schedule.name))}  ${paint.dim(schedule.schedule_id)}`);
  printFacts(output, facts(output, shown));
  await printNext(output, shown);
  if (shown.slots !== null) printSlots(output, shown.slots, zoneTimes(schedule.timezone), now);
  printEarlier(output, shown);
};
