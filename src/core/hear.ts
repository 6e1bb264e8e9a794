// What a claim tells besides its picks: said aloud, counted, and schedules planned on.
import { StoreUnavailableError } from '../errors.ts';
import type { Teller } from './alerting.ts';
import type { Claim } from './claim.ts';
import type { Emit } from './events.ts';
import type { Pick as Picked } from './job.ts';
import { planShort } from './planning.ts';
import type { ScheduleStore } from './schedule_store.ts';
import type { Tally } from './tally.ts';

interface HearDeps {
  store: Pick<ScheduleStore, 'planSchedules'>;
  emit: Emit;
  tally: Tally;
  teller: Teller;
}

const say = (claim: Claim, { emit, tally, teller }: HearDeps): void => {
  const expired = claim.released.map(({ instance_id: held_by, ...of }) => ({ held_by, ...of }));
  tally.released += expired.length;
  for (const released of expired) emit({ event: 'lock.released', ...released });
  teller.locksExpired(expired);
  for (const { status, ...slot } of claim.slots) {
    tally.slots[status] = (tally.slots[status] ?? 0) + 1;
    emit({ event: `slot.${status}`, ...slot });
  }
};

/** Plans that could not be written are found short by the next pick; a job in hand goes first. */
const plan = async (claim: Claim, { store, emit }: HearDeps): Promise<number> => {
  try {
    const planned = await planShort(claim.to_plan, store, emit);
    if (planned > 0) emit({ event: 'schedules.planned', planned });
    return planned;
  } catch (error) {
    if (claim.picks.length === 0 || !(error instanceof StoreUnavailableError)) throw error;
    return 0;
  }
};

/** `changed`: without a pick it is worth asking again, for there are slots that this call did not see. */
export const hear = async (
  claim: Claim,
  deps: HearDeps,
): Promise<{ next: Picked | undefined; changed: boolean }> => {
  say(claim, deps);
  const planned = await plan(claim, deps);
  return { next: claim.picks[0], changed: planned > 0 || claim.more_slots };
};
