// How the ledger of a schedule reads: what became of each of its times, why, and by which job.

import { stripVTControlCharacters } from 'node:util';
import { MOST_COUNTED } from '../../core/cron/plan.ts';
import { duration } from '../../core/lengths.ts';
import { type SlotOutcome, slotReasons } from '../../core/schedule.ts';
import { age, statusWord } from '../format.ts';
import type { Output } from '../output.ts';
import type { ZoneTimes } from './times.ts';

const timesOf = (times: number | null): string => {
  if (times === null) return `more than ${MOST_COUNTED} times`;
  return times === 1 ? 'once' : `${times} times`;
};

const whenOf = ({ slot_at, until_at, times }: SlotOutcome, zone: ZoneTimes): string =>
  until_at === null
    ? zone.local(slot_at)
    : `${zone.local(slot_at)} – ${zone.local(until_at)}, ${timesOf(times)}`;

/** Less is the time that any drain takes to come to it. */
const ON_TIME_SECONDS = 1;

const whatOf = (output: Output, slot: SlotOutcome, now: Date): string => {
  const { status, reason, slot_at, decided_at } = slot;
  const word = statusWord(output.paint, status);
  if (reason === null) return `${word}, due ${age(slot_at, now)}: the next drain decides`;
  if (status !== 'fired' || reason !== 'due') return `${word}: ${slotReasons[reason]}`;
  const late = ((decided_at ?? slot_at).getTime() - slot_at.getTime()) / 1000;
  return late < ON_TIME_SECONDS ? `${word} on time` : `${word} ${duration(late)} late`;
};

/** The job that was made, or the one that stood in its way. */
const jobOf = ({ paint }: Output, { status, job_id, job_status }: SlotOutcome): string | null => {
  if (job_id === null) return null;
  const made = status === 'fired' || status === 'replaced';
  const now = job_status === null ? paint.dim('deleted') : statusWord(paint, job_status);
  return made ? `job ${job_id} (${now})` : `behind job ${job_id} (now ${now})`;
};

const wide = (...words: string[]): number => stripVTControlCharacters(words.join('')).length;

/** On one line what has room there; the job on the next one, that its id can be copied. */
export const printSlots = (
  output: Output,
  slots: SlotOutcome[],
  zone: ZoneTimes,
  now: Date,
): void => {
  const { line, paint, columns } = output;
  line(`\n${paint.bold(slots.length === 0 ? 'No past slots' : 'Last slots')}`);
  for (const slot of slots) {
    const [when, what] = [whenOf(slot, zone), whatOf(output, slot, now)];
    if (wide(when, '  ', what) <= columns) line(`${when}  ${what}`);
    else line(`${when}\n    ${what}`);
    const job = jobOf(output, slot);
    if (job !== null) line(`    ${job}`);
  }
};
