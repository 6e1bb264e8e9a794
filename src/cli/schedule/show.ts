// `schedule show`: a schedule, when it falls due next, and what became of its last times.
import type { Runner } from '../../app.ts';
import type { ScheduleDetail } from '../../core/schedule_store.ts';
import { wholeFrom } from '../arguments.ts';
import type { AddCommands } from '../command.ts';
import { withRunner } from '../desk.ts';
import { named } from './named.ts';

/** Slots that may be planned ahead of now; beyond them are those that something became of. */
const AHEAD = 200;
const NEXT_TIMES = 5;

/** With its newest `count` slots whose time has come; those planned ahead are told as next times. */
const withSlots = async (
  { schedules }: Runner,
  id_or_name: string,
  count: number,
): Promise<ScheduleDetail> => {
  for (let asked = count + AHEAD; ; asked *= 2) {
    const detail = await schedules.get(id_or_name, asked);
    const come = detail.slots.filter(({ slot_at }) => slot_at <= detail.now);
    if (come.length < count && detail.slots.length === asked) continue;
    return { ...detail, slots: come.slice(0, count) };
  }
};

export const addShowSchedule: AddCommands = (group, act) => {
  group
    .command('show')
    .summary('show a schedule with its next times and its last slots')
    .description(
      'Shows a schedule: its rule in words, its next times in its time zone and in UTC, and what ' +
        'became of its last ones, with the reason.',
    )
    .argument('<schedule>', 'its name or id')
    .option('-n, --slots <count>', 'so many of its last slots', wholeFrom(0), 10)
    .action(
      act<{ slots: number }>(({ desk, flags, options }, name = '') =>
        withRunner(desk, flags, async ({ runner }) => {
          const detail = await named(runner, name, (asked) =>
            withSlots(runner, asked, options.slots),
          );
          const { readRule } = await import('./times.ts');
          const { words, faults, next } = readRule(detail.schedule);
          const over = detail.schedule.status === 'deleted';
          const next_times = over ? [] : next(detail.now, NEXT_TIMES);
          if (desk.output.json) {
            desk.output.data({ ...detail, rule_in_words: words, rule_faults: faults, next_times });
            return 0;
          }
          const { printSchedule } = await import('./detail.ts');
          const slots = options.slots === 0 ? null : detail.slots;
          await printSchedule(desk.output, { ...detail, slots, words, faults, next_times });
          return 0;
        }),
      ),
    );
};
