// `schedule list`: which schedules there are.
import { Option } from 'commander';
import { type Schedule, type ScheduleStatus, scheduleStatuses } from '../../core/schedule.ts';
import { someSchedules } from '../../core/schedule_pages.ts';
import { wholeFrom } from '../arguments.ts';
import type { AddCommands } from '../command.ts';
import { withRunner } from '../desk.ts';
import { age, oneLine, statusWord } from '../format.ts';
import type { Output } from '../output.ts';

interface ListOptions {
  status?: ScheduleStatus;
  limit?: number;
}

/** Columns of a terminal with less room for names than for rules. */
const NARROW = 100;

const ageOf = (at: Date | null, today: Date): string => (at === null ? '' : age(at, today));

const printSchedules = (output: Output, schedules: Schedule[], today: Date): Promise<void> =>
  output.table(
    ['name', 'status', 'next', 'last', 'rule'],
    schedules.map((schedule) => [
      oneLine(schedule.name, output.columns < NARROW ? 20 : 40),
      statusWord(output.paint, schedule.status),
      ageOf(schedule.next_execution, today),
      ageOf(schedule.last_execution, today),
      oneLine(`${schedule.schedule_expression} ${schedule.timezone}`, 80),
    ]),
  );

export const addListSchedules: AddCommands = (group, act) => {
  group
    .command('list')
    .summary('list schedules by name')
    .description('Lists schedules by name; those that are deleted only when asked for.')
    .addOption(new Option('-s, --status <status>', 'only these').choices([...scheduleStatuses]))
    .option('-n, --limit <count>', 'at most so many (all unless given)', wholeFrom(1))
    .action(
      act<ListOptions>(({ desk, flags, options: { status, limit } }) =>
        withRunner(desk, flags, async ({ runner }) => {
          const { output } = desk;
          const asked = limit === undefined ? null : limit + 1;
          const found = await someSchedules(runner.store, { ...(status && { status }) }, asked);
          const schedules = found.slice(0, limit);
          if (output.json) output.data(schedules);
          else if (schedules.length > 0) await printSchedules(output, schedules, desk.today());
          else {
            const hint = 'No schedules yet: cloud-jobs schedule create NAME TYPE "0 9 * * *"';
            output.note(status ? 'No such schedules.' : hint);
          }
          if (found.length > schedules.length) {
            output.note(`The first ${schedules.length}; --limit shows more.`);
          }
          return 0;
        }),
      ),
    );
};
