// `schedule pause`, `resume`, `trigger`, `delete`: what people do to schedules, to several at once.

import type { Schedule, ScheduleMove } from '../../core/schedule.ts';
import { exitCodeOf } from '../../errors.ts';
import type { Runner } from '../../runner.ts';
import type { AddCommands, Call } from '../command.ts';
import { withRunner } from '../desk.ts';
import { age, oneLine } from '../format.ts';
import { named } from './named.ts';

const summaries: Record<ScheduleMove, string> = {
  pause: 'make no more jobs until it is resumed',
  resume: 'make jobs again from now on',
  delete: 'make no more jobs and free the name; its history is kept for a while',
};

const outcome = ({ name, schedule_id, status, next_execution }: Schedule, today: Date): string => {
  const who = `${oneLine(name, 60)} (${schedule_id})`;
  if (status === 'deleted') return `${who} is deleted.`;
  const next = next_execution === null ? '' : `; next time ${age(next_execution, today)}`;
  return `${who} is now ${status}${next}.`;
};

/**
 * One after the other: what is wrong with one is told and does not stop the others, unless the store
 * itself is away. Programs get one answer with all that was done.
 */
const eachOf = async <Done>(
  { desk: { output } }: Call<object>,
  runner: Runner,
  names: string[],
  ask: (name: string) => Promise<Done>,
  tell: (done: Done) => void,
): Promise<number> => {
  const done: Done[] = [];
  let code = 0;
  for (const name of names) {
    try {
      const answer = await named(runner, name, ask);
      done.push(answer);
      if (!output.json) tell(answer);
    } catch (error) {
      if (exitCodeOf(error) !== 2) throw error;
      output.error(error);
      code = 2;
    }
  }
  if (output.json && done.length > 0) output.data(done);
  return code;
};

const NAMES = ['<schedule...>', 'its name or id (several may be given)'] as const;

const addMove =
  (move: ScheduleMove): AddCommands =>
  (group, act) => {
    group
      .command(move)
      .summary(summaries[move])
      .description(`${summaries[move].charAt(0).toUpperCase()}${summaries[move].slice(1)}.`)
      .argument(...NAMES)
      .action(
        act((call, ...names) =>
          withRunner(call.desk, call.flags, ({ runner }) =>
            eachOf(
              call,
              runner,
              names,
              (name) => runner.schedules.move(name, move),
              (schedule) => call.desk.output.line(outcome(schedule, call.desk.today())),
            ),
          ),
        ),
      );
  };

const addTrigger: AddCommands = (group, act) => {
  group
    .command('trigger')
    .summary('make a job now, also while paused')
    .description(
      'Makes a job now, beside the planned times, also while paused. Prints the id of the job.',
    )
    .argument(...NAMES)
    .action(
      act((call, ...names) =>
        withRunner(call.desk, call.flags, ({ runner }) => {
          const { output } = call.desk;
          return eachOf(
            call,
            runner,
            names,
            async (name) => ({ schedule: name, ...(await runner.schedules.trigger(name)) }),
            ({ schedule, job_id, status, created }) => {
              if (!created) {
                const why = `an unfinished job has its unique key (${status})`;
                output.note(`${oneLine(schedule, 60)}: ${why}; no other was made.`);
              }
              output.line(job_id);
            },
          );
        }),
      ),
    );
};

export const addSteerSchedules: AddCommands = (group, act) => {
  addMove('pause')(group, act);
  addMove('resume')(group, act);
  addTrigger(group, act);
  addMove('delete')(group, act);
};
