// What moves and changes of a schedule do to its ledger, worked out from what was there before.
import {
  type ScheduleMove,
  type ScheduleStatus,
  type Slot,
  scheduleMoves,
} from '../../../../src/core/schedule.ts';
import type { ScheduleWrite } from '../../../../src/core/schedule_store.ts';
import type { SeenSchedule } from './snapshot.ts';

const ruleFields = [
  'schedule_expression',
  'timezone',
  'missed',
  'starting_deadline_seconds',
] as const satisfies (keyof ScheduleWrite)[];

export const isRuleChanged = ({ schedule }: SeenSchedule, write: ScheduleWrite): boolean =>
  ruleFields.some((field) => schedule[field] !== write[field]);

/** One row as a moment's decision leaves it. */
type Told = [slot_at: Date, status: Slot['status'], reason: string | null];

export const told = (slots: Slot[]): Told[] =>
  slots.map(({ slot_at, status, reason }) => [slot_at, status, reason]);

/** Each planned row becomes what `due` or `ahead` says; null = it is taken out. */
const decided = (
  slots: Slot[],
  now: Date,
  due: string | undefined,
  ahead: string | null | undefined,
): Told[] =>
  slots.flatMap((slot) => {
    const reason = slot.slot_at <= now ? due : ahead;
    if (slot.status !== 'planned' || reason === undefined) return told([slot]);
    return reason === null ? [] : [[slot.slot_at, 'skipped', reason] satisfies Told];
  });

/** The rows after a move that is made. */
export const afterMove = ({ slots }: SeenSchedule, move: ScheduleMove, now: Date): Told[] => {
  if (move === 'pause') return decided(slots, now, 'paused', null);
  return move === 'delete' ? decided(slots, now, 'deleted', 'deleted') : told(slots);
};

/** The rows after a change that is made. */
export const afterChange = (seen: SeenSchedule, write: ScheduleWrite, now: Date): Told[] => {
  const { schedule, slots } = seen;
  if (schedule.status !== 'active') return told(slots);
  if (write.status === 'inactive') return decided(slots, now, 'inactive', null);
  return isRuleChanged(seen, write) ? decided(slots, now, undefined, 'changed') : told(slots);
};

export const isAllowed = (status: ScheduleStatus, move: ScheduleMove): boolean =>
  (scheduleMoves[move].from as readonly ScheduleStatus[]).includes(status);
