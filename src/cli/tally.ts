// How `run` and `work` tell of a drain, and `run --dry-run` of what it would do.
import type { Claim, Released } from '../core/claim.ts';
import { duration } from '../core/lengths.ts';
import { type DecidedSlot, slotReasons, slotStatuses } from '../core/schedule.ts';
import type { ExecutionSummary, Tally } from '../core/tally.ts';
import { count, moment, oneLine, statusWord } from './format.ts';
import type { Output } from './output.ts';

const reasons: Record<Tally['stopped'], string> = {
  empty: 'nothing more is due',
  limit: 'the limit is reached',
  deadline: 'the time is over',
  interrupted: 'interrupted',
  too_long: 'what is due needs more time than is left',
};

const jobIsNow = ({ job_status, retry_in_seconds }: ExecutionSummary): string => {
  if (job_status === null) return 'held elsewhere';
  if (retry_in_seconds === null || retry_in_seconds < 1) return job_status;
  return `${job_status} for ${duration(retry_in_seconds)}`;
};

/** What became of the times that schedules had planned; empty = none had come. */
const slotSentence = ({ paint }: Output, slots: Tally['slots']): string => {
  const told = slotStatuses.flatMap((status) => {
    const amount = status === 'planned' ? 0 : (slots[status] ?? 0);
    return amount === 0 ? [] : `${amount} ${statusWord(paint, status)}`;
  });
  return told.length === 0 ? '' : `Slots: ${told.join(', ')}. `;
};

/** The end of a drain for people: a table of executions and a closing sentence. */
export const printTally = async (output: Output, tally: Tally): Promise<void> => {
  if (tally.executions.length > 0) {
    const words = (text: string | null) => oneLine(text ?? '', 60);
    await output.table(
      ['job', 'name', 'type', 'execution', 'took', 'job is now', 'result'],
      tally.executions.map((each) => [
        each.job_id,
        oneLine(each.name, 32),
        oneLine(each.job_type, 24),
        statusWord(output.paint, each.status),
        duration(each.duration_seconds),
        jobIsNow(each),
        words(each.error_message ?? (each.result === null ? '' : JSON.stringify(each.result))),
      ]),
    );
    const left = tally.picked - tally.executions.length;
    if (left > 0) output.line(`… and ${left} more`);
    output.line();
  }
  const locks = tally.released > 0 ? `Released ${count(tally.released, 'expired lock')}. ` : '';
  const before = `${locks}${slotSentence(output, tally.slots)}`;
  const next =
    tally.next_due_seconds === null ? '' : ` Next due in ${duration(tally.next_due_seconds)}.`;
  if (tally.picked === 0) {
    const why =
      tally.stopped === 'empty' ? 'Nothing to do' : `Nothing done: ${reasons[tally.stopped]}`;
    output.line(`${before}${why}.${next}`);
    return;
  }
  const counts = Object.entries(tally.outcomes)
    .map(([status, amount]) => `${amount} ${statusWord(output.paint, status)}`)
    .join(', ');
  const length = duration(tally.duration_seconds);
  output.line(
    `${before}${count(tally.picked, 'execution')} in ${length}: ${counts}; ${reasons[tally.stopped]}.${next}`,
  );
};

/** Expired locks as a table; `where` heads the column that says where their jobs go. */
export const printReleased = (output: Output, released: Released[], where: string): Promise<void> =>
  output.table(
    ['job', 'name', 'held by', where],
    released.map((each) => [
      each.job_id,
      oneLine(each.name, 40),
      oneLine(each.instance_id, 40),
      each.job_status,
    ]),
  );

const printSlots = (output: Output, slots: DecidedSlot[]): Promise<void> =>
  output.table(
    ['schedule', 'slot', 'then', 'why'],
    slots.map(({ name, slot_at, status, reason }) => [
      oneLine(name, 40),
      moment(slot_at),
      statusWord(output.paint, status),
      slotReasons[reason],
    ]),
  );

/** What would be released, what would become of slots, then what would be picked, in order. */
export const printPreview = async (
  output: Output,
  { picks, released, slots, next_due_seconds, too_long }: Claim,
): Promise<void> => {
  if (released.length > 0) {
    output.line(`Would release ${count(released.length, 'expired lock')}:`);
    await printReleased(output, released, 'then');
  }
  if (slots.length > 0) {
    output.line(`Would decide upon ${count(slots.length, 'slot')}:`);
    await printSlots(output, slots);
  }
  if (picks.length === 0) {
    const next = next_due_seconds === null ? '' : ` Next due in ${duration(next_due_seconds)}.`;
    output.line(`Nothing would be picked.${next}`);
    for (const { job_type, usual_seconds } of too_long) {
      const needs = duration(usual_seconds);
      output.line(`Left: ${oneLine(job_type, 60)} usually needs ${needs}, and less is left.`);
    }
  } else {
    output.line(`Would pick ${count(picks.length, 'job')}, in this order:`);
    await output.table(
      ['job', 'type', 'name', 'priority', 'retries'],
      picks.map(({ job }) => [
        job.job_id,
        oneLine(job.job_type, 24),
        oneLine(job.name, 40),
        String(job.priority),
        `${job.current_retries} of ${job.max_retries}`,
      ]),
    );
  }
  output.note('Dry run: nothing was changed.');
};
