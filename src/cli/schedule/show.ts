// `schedule show`: a schedule, when it falls due next, and what became of its last times.
import { withSlots } from '../../core/schedule_slots.ts';
import { wholeFrom } from '../arguments.ts';
import type { AddCommands } from '../command.ts';
import { withRunner } from '../desk.ts';
import { named } from './named.ts';

const NEXT_TIMES = 5;

export const addShowSchedule: AddCommands = (group, act) => {
  group
    .command('show')
    .summary('show a schedule with its next times and its last slots')
    .description(
      'Shows a schedule: its rule in words, its next times in its time zone and in UTC, and what ' +
        'became of its last ones, with the reason.',
    )
    .argument('<schedule>', 'its name or id')
    .option(
      '-n, --slots <count>',
      'so many of its last slots, or of ranges of them',
      wholeFrom(0),
      10,
    )
    .action(
      act<{ slots: number }>(({ desk, flags, options }, name = '') =>
        withRunner(desk, flags, async ({ runner }) => {
          const { output } = desk;
          const detail = await named(runner, name, (asked) =>
            withSlots((slots) => runner.schedules.get(asked, slots), options.slots, !output.json),
          );
          const { readRule } = await import('../../core/cron/read_rule.ts');
          const { words, faults, next } = readRule(detail.schedule);
          const over = detail.schedule.status === 'deleted';
          const next_times = over ? [] : next(detail.now, NEXT_TIMES);
          if (output.json) {
            output.data({ ...detail, rule_in_words: words, rule_faults: faults, next_times });
            return 0;
          }
          const { printSchedule } = await import('./detail.ts');
          const slots = options.slots === 0 ? null : detail.slots;
          await printSchedule(output, { ...detail, slots, words, faults, next_times });
          return 0;
        }),
      ),
    );
};
