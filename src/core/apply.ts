// Applying a file of schedules: those in the store become what the file says, and the difference is told.
import { type Difference, differenceOf, type ScheduleChange } from './apply_difference.ts';
import { type FileDeps, readSchedules } from './apply_file.ts';
import { deleteRest, writeDifference } from './apply_write.ts';
import { nextTime } from './cron/rule.ts';
import { someSchedules } from './schedule_pages.ts';
import { type ScheduleDeps, startNew } from './schedules.ts';
import type { UpkeepStore } from './store.ts';

export interface ApplyOptions {
  /** deletes those that a file made and that are not in this one */
  prune?: boolean;
  /** only tells the difference */
  dry_run?: boolean;
}

export interface Applied extends Pick<Difference, 'unchanged' | 'paused' | 'left'> {
  changes: ScheduleChange[];
  created: number;
  changed: number;
  adopted: number;
  deleted: number;
  dry_run: boolean;
}

export interface ApplyDeps extends ScheduleDeps, FileDeps {
  store: ScheduleDeps['store'] & Pick<UpkeepStore, 'inspect'>;
}

/** With the first time that comes after `now`. */
const timed = (change: ScheduleChange, now: Date): ScheduleChange => {
  if (change.status !== 'active' || change.action === 'deleted') return change;
  return { ...change, next_execution: nextTime(change, now) };
};

const carryOut = async (
  difference: Difference,
  now: Date,
  read: () => Promise<Difference>,
  deps: ApplyDeps,
): Promise<ScheduleChange[]> => {
  const written = await writeDifference(difference, now, read, deps);
  const byName = new Map(written.map((schedule) => [schedule.name, schedule]));
  const changes: ScheduleChange[] = [];
  for (const { change, schedule } of difference.planned) {
    const saved = byName.get(change.name);
    if (schedule === null && saved !== undefined) await startNew(saved, deps.store);
    changes.push(
      saved === undefined
        ? change
        : timed({ ...change, schedule_id: saved.schedule_id }, saved.updated_at),
    );
  }
  // Last, for doing it again after a fault does it again, too.
  await deleteRest(difference, deps);
  return changes;
};

/**
 * Makes the schedules in the store those of the file. Dying here leaves all or none of what is created
 * and changed, and perhaps some that are still to be deleted: doing it again does the rest. Throws an
 * InputError that names every fault of the file, or a ConflictError: someone else changed one meanwhile.
 */
export const applySchedules = async (
  content: unknown,
  { prune = false, dry_run = false }: ApplyOptions,
  deps: ApplyDeps,
): Promise<Applied> => {
  const wanted = await readSchedules(content, deps);
  const read = async () => differenceOf(wanted, await someSchedules(deps.store), prune);
  const difference = await read();
  const { planned, unchanged, paused, left } = difference;
  const told = { unchanged, paused, left, dry_run };
  const counts = { created: 0, changed: 0, adopted: 0, deleted: 0 };
  if (planned.length === 0) return { changes: [], ...counts, ...told };
  const { now } = await deps.store.inspect();
  const changes = dry_run
    ? planned.map(({ change }) => timed(change, now))
    : await carryOut(difference, now, read, deps);
  for (const { action } of changes) counts[action] += 1;
  return { changes, ...counts, ...told };
};
