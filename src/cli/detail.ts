// How `show` tells of a job.
import type { Execution, Job, Step } from '../core/job.ts';
import { duration } from '../core/lengths.ts';
import type { JobDetail } from '../core/store.ts';
import { type Fact, printFacts } from './facts.ts';
import { age, count, moment, oneLine, statusWord } from './format.ts';
import type { Output } from './output.ts';

/** characters of a result in a table, and at all */
const CELL = 20;
const LONGEST = 4000;

const state = (job: Job, today: Date): string => {
  const asked = job.cancel_requested_at === null ? '' : ', cancel asked';
  if (job.status === 'waiting') return `due ${age(job.run_at, today)}`;
  if (job.status !== 'locked' || job.lock_expires_at === null) return '';
  return `by ${oneLine(job.locked_by ?? '?', 60)}, lock ends ${age(job.lock_expires_at, today)}${asked}`;
};

const scheduleOf = (schedule: JobDetail['schedule']): string | null => {
  if (schedule === null) return null;
  const { name, slot_at } = schedule;
  return `${oneLine(name, 60)}${slot_at === null ? '' : `, for ${moment(slot_at)}`}`;
};

const facts = (output: Output, { job, schedule }: JobDetail, today: Date): Fact[] => {
  const more = state(job, today);
  const progress = job.progress;
  const backoff = `${job.retry_delay_seconds} s apart, ${job.retry_backoff}`;
  return [
    ['status', `${statusWord(output.paint, job.status)}${more === '' ? '' : ` (${more})`}`],
    ['type', oneLine(job.job_type)],
    ['schedule', scheduleOf(schedule)],
    ['description', job.description && oneLine(job.description, 500)],
    ['config', oneLine(JSON.stringify(job.config), 500)],
    [
      'progress',
      progress && `${Math.round(progress.percent)} % ${oneLine(progress.message ?? '')}`,
    ],
    ['priority', String(job.priority)],
    ['retries', `${job.current_retries} of ${job.max_retries} used, ${backoff}`],
    ['timeout', job.timeout_seconds === null ? null : duration(job.timeout_seconds)],
    ['unique key', job.unique_key && oneLine(job.unique_key)],
    ['asked by', job.actor && oneLine(job.actor)],
    ['run at', moment(job.run_at)],
    ['created', `${moment(job.created_at)} (${age(job.created_at, today)})`],
    ['finished', job.finished_at && `${moment(job.finished_at)} (${age(job.finished_at, today)})`],
  ];
};

const resultOf = ({ error_message, result }: Execution, width: number): string => {
  if (error_message !== null) return oneLine(error_message, width);
  return result === null ? '' : oneLine(JSON.stringify(result), width);
};

const executionRow = (output: Output, execution: Execution): string[] => [
  execution.execution_id,
  statusWord(output.paint, execution.status),
  moment(execution.started_at),
  execution.duration_seconds === null ? '' : duration(execution.duration_seconds),
  oneLine(execution.instance_id, 30),
  resultOf(execution, 80),
];

const stepRow = (output: Output, step: Step): string[] => [
  String(step.step_order),
  oneLine(step.name, 40),
  statusWord(output.paint, step.status),
  step.started_at && step.finished_at
    ? duration((step.finished_at.getTime() - step.started_at.getTime()) / 1000)
    : '',
  step.detail === null ? oneLine(JSON.stringify(step.output) ?? '', 80) : oneLine(step.detail, 80),
];

/** A table cuts long texts; what the last execution came to is told in full. */
const printLast = ({ line, paint }: Output, last: Execution | undefined): void => {
  const text = last === undefined ? '' : resultOf(last, LONGEST);
  if (text.length <= CELL) return;
  line(`\n${paint.bold(last?.error_message === null ? 'Last result' : 'Last error')}`);
  line(`  ${text}`);
};

/** The job, then a table each for dependencies, steps and executions, where there are any. */
export const printDetail = async (
  output: Output,
  detail: JobDetail,
  today: Date,
): Promise<void> => {
  const { job, executions, steps, depends_on } = detail;
  const { paint } = output;
  output.line(`${paint.bold(oneLine(job.name))}  ${paint.dim(job.job_id)}`);
  printFacts(output, facts(output, detail, today));
  if (depends_on.length > 0) {
    output.line(`\n${paint.bold(`Waits for ${count(depends_on.length, 'job')}`)}`);
    const rows = depends_on.map((each) => [
      each.job_id,
      statusWord(paint, each.status),
      oneLine(each.name, 40),
    ]);
    await output.table(['job', 'status', 'name'], rows);
  }
  if (steps.length > 0) {
    output.line(`\n${paint.bold(count(steps.length, 'step'))}`);
    const rows = steps.map((step) => stepRow(output, step));
    await output.table(['', 'step', 'status', 'took', 'output'], rows);
  }
  output.line(
    `\n${paint.bold(executions.length === 0 ? 'No executions yet' : count(executions.length, 'execution'))}`,
  );
  if (executions.length === 0) return;
  const rows = executions.map((execution) => executionRow(output, execution));
  await output.table(['execution', 'status', 'started', 'took', 'instance', 'result'], rows);
  printLast(output, executions.at(-1));
};
