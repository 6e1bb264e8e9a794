// `cancel`, `retry`, `enable`, `disable`, `delete`, `unlock`: what people do to jobs.
import type { Job, Move } from '../core/job.ts';
import { jobId } from './arguments.ts';
import type { AddCommands } from './command.ts';
import { withRunner } from './desk.ts';
import { count, oneLine } from './format.ts';
import { printReleased } from './tally.ts';

const summaries: Record<Move, string> = {
  cancel: 'stop a job; running code is asked to end',
  retry: 'give a failed or cancelled job all its retries again',
  enable: 'let a disabled job be picked again',
  disable: 'put a job aside',
};

const outcome = (move: Move, { job_id, name, status }: Job): string => {
  const who = `${oneLine(name, 60)} (${job_id})`;
  return move === 'cancel' && status === 'locked'
    ? `${who} is being executed; its instance was asked to stop it.`
    : `${who} is now ${status}.`;
};

const addMove =
  (move: Move): AddCommands =>
  (program, act) => {
    program
      .command(move)
      .summary(summaries[move])
      .description(`${summaries[move].charAt(0).toUpperCase()}${summaries[move].slice(1)}.`)
      .argument('<job-id>', 'its whole id', jobId)
      .helpGroup('Jobs:')
      .action(
        act(({ desk, flags }, id = '') =>
          withRunner(desk, flags, async ({ runner }) => {
            const job = await runner.move(id, move);
            if (desk.output.json) desk.output.data(job);
            else desk.output.line(outcome(move, job));
            return 0;
          }),
        ),
      );
  };

const addDelete: AddCommands = (program, act) => {
  program
    .command('delete')
    .summary('remove a job and its history')
    .description(
      'Removes a job and its history, unless it runs, or other jobs need a success it has not had.',
    )
    .argument('<job-id>', 'its whole id', jobId)
    .helpGroup('Jobs:')
    .action(
      act(({ desk, flags }, id = '') =>
        withRunner(desk, flags, async ({ runner }) => {
          const job = await runner.remove(id);
          if (desk.output.json) desk.output.data(job);
          else desk.output.line(`${oneLine(job.name, 60)} (${job.job_id}) is deleted.`);
          return 0;
        }),
      ),
    );
};

const BATCH = 1000;

const addUnlock: AddCommands = (program, act) => {
  program
    .command('unlock')
    .summary('release expired locks now')
    .description(
      'Releases the locks of instances that died, instead of waiting for the next drain.',
    )
    .helpGroup('Jobs:')
    .action(
      act(({ desk, flags }) =>
        withRunner(desk, flags, async ({ runner }) => {
          const { output } = desk;
          const released = await runner.store.releaseExpired(BATCH);
          for (let more = released.length; more === BATCH; ) {
            const next = await runner.store.releaseExpired(BATCH);
            released.push(...next);
            more = next.length;
          }
          if (output.json) output.data(released);
          else if (released.length === 0) output.line('No expired locks.');
          else {
            output.line(`Released ${count(released.length, 'expired lock')}:`);
            await printReleased(output, released, 'now');
          }
          return 0;
        }),
      ),
    );
};

export const addSteer: AddCommands = (program, act) => {
  for (const move of ['cancel', 'retry', 'enable', 'disable'] as const) addMove(move)(program, act);
  addDelete(program, act);
  addUnlock(program, act);
};
