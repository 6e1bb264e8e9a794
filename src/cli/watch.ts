// `watch`: follows one job until it is over.

import { sleep } from '../core/clock.ts';
import type { Job, JobEvent } from '../core/job.ts';
import { NotFoundError } from '../errors.ts';
import type { Runner } from '../runner.ts';
import { jobId } from './arguments.ts';
import type { AddCommands } from './command.ts';
import { type Desk, withRunner } from './desk.ts';
import { oneLine, statusWord } from './format.ts';
import type { Output } from './output.ts';

const LOOK_EVERY_MS = 500;
const PAGE = 500;
const over = ['success', 'failed', 'cancelled'];

const text = (data: JobEvent['data'], key: string): string => {
  const value =
    typeof data === 'object' && data !== null && !Array.isArray(data) ? data[key] : null;
  return value === null || value === undefined ? '' : oneLine(String(value), 300);
};

const eventLine = ({ paint }: Output, { kind, data, at }: JobEvent): string => {
  const clock = paint.dim(at.toISOString().slice(11, 19));
  if (kind === 'status') {
    const why = text(data, 'error_message') || text(data, 'reason');
    return `${clock} ${statusWord(paint, text(data, 'status'))}${why && `: ${why}`}`;
  }
  if (kind === 'step') return `${clock} step ${text(data, 'name')} ${text(data, 'status')}`;
  if (kind === 'progress') return `${clock} ${text(data, 'percent')} % ${text(data, 'message')}`;
  return `${clock} ${text(data, 'level')}: ${text(data, 'message')}`;
};

const bar = (output: Output, job: Job): string => {
  const { paint, columns } = output;
  const percent = Math.min(100, Math.max(0, job.progress?.percent ?? 0));
  const width = Math.max(10, Math.min(30, columns - 50));
  const full = Math.round((percent / 100) * width);
  const drawn = `${paint.cyan('█'.repeat(full))}${paint.dim('░'.repeat(width - full))}`;
  const words = oneLine(job.progress?.message ?? '', Math.max(1, columns - width - 20));
  return `${drawn} ${String(Math.round(percent)).padStart(3)} % ${job.status} ${words}`;
};

const printEvent = (output: Output, event: JobEvent) => {
  if (output.json) output.data(event, 'line');
  // The bar tells of progress where there is one.
  else if (event.kind !== 'progress' || !output.terminal) output.line(eventLine(output, event));
};

/** The job is read before its events, so that the last look finds every event of a finished job. */
const look = async (runner: Runner, id: string, after: number, output: Output) => {
  const detail = await runner.store.getJob(id);
  if (detail === null) throw new NotFoundError('job', id);
  let last = after;
  for (let more = true; more; ) {
    const events = await runner.store.listEvents(id, last, PAGE);
    for (const event of events) printEvent(output, event);
    last = events.at(-1)?.event_id ?? last;
    more = events.length === PAGE;
  }
  return { job: detail.job, last };
};

const follow = async (desk: Desk, runner: Runner, id: string): Promise<number> => {
  const { output, clock, stop } = desk;
  let after = 0;
  while (!stop.aborted) {
    const { job, last } = await look(runner, id, after, output);
    after = last;
    if (over.includes(job.status)) {
      output.line(`${oneLine(job.name, 60)} is ${statusWord(output.paint, job.status)}.`);
      return job.status === 'success' ? 0 : 1;
    }
    output.transient(bar(output, job));
    await sleep(clock, LOOK_EVERY_MS, stop).catch(() => undefined);
  }
  output.line('Stopped watching; the job goes on.');
  return stop.reason === 'SIGTERM' ? 143 : 130;
};

export const addWatch: AddCommands = (program, act) => {
  program
    .command('watch')
    .summary('follow a job until it is over')
    .description('Follows a job until it is over; exit code 0 for success, 1 for any other end.')
    .argument('<job-id>', 'its whole id', jobId)
    .helpGroup('Jobs:')
    .action(
      act(({ desk, flags }, id = '') =>
        withRunner(desk, flags, ({ runner }) => follow(desk, runner, id)),
      ),
    );
};
