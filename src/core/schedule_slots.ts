// The rows of a schedule's ledger that people are told of.
import type { SlotOutcome } from './schedule.ts';
import type { ScheduleDetail } from './schedule_store.ts';

/** As a rule fewer are planned ahead; behind them are those that something became of. */
const AHEAD = 200;
/** Whatever was asked for. */
const MOST = 100_000;

const timesIn = ({ until_at, times }: SlotOutcome): number | null =>
  until_at === null ? 1 : times;

const alike = (one: SlotOutcome, other: SlotOutcome): boolean =>
  one.status === other.status &&
  one.reason === other.reason &&
  one.job_id === null &&
  other.job_id === null;

/** Neighbours of one fate, and of no job, as one range; newest first. */
const gathered = (slots: SlotOutcome[]): SlotOutcome[] => {
  const ranges: SlotOutcome[] = [];
  for (const slot of slots) {
    const newer = ranges.at(-1);
    if (newer === undefined || !alike(newer, slot)) ranges.push(slot);
    else {
      const [later, earlier] = [timesIn(newer), timesIn(slot)];
      const times = later === null || earlier === null ? null : later + earlier;
      ranges[ranges.length - 1] = { ...slot, until_at: newer.until_at ?? newer.slot_at, times };
    }
  }
  return ranges;
};

/**
 * A schedule as `get` answers it, with its newest `wanted` slots but those planned ahead, which are told as next times;
 * `ranges`: neighbours of one fate count as one.
 */
export const withSlots = async (
  get: (slots: number) => Promise<ScheduleDetail>,
  wanted: number,
  ranges: boolean,
): Promise<ScheduleDetail> => {
  const count = Math.min(wanted, MOST);
  for (let asked = count + AHEAD; ; asked *= 2) {
    const detail = await get(asked);
    const come = detail.slots.filter(
      ({ status, slot_at }) => status !== 'planned' || slot_at <= detail.now,
    );
    const told = ranges ? gathered(come) : come;
    if (told.length <= count && detail.slots.length === asked) continue;
    return { ...detail, slots: told.slice(0, count) };
  }
};
