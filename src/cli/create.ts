// `create`: one job from the words of the command line.

import type { JobInput } from '../core/create.ts';
import type { Runner } from '../runner.ts';
import { jobIds, type RunAt, runAt } from './arguments.ts';
import type { AddCommands } from './command.ts';
import { type Desk, withOwnTypes } from './desk.ts';
import { moment } from './format.ts';
import { addJobOptions, given, type JobOptions, jobFields } from './job_options.ts';

interface CreateOptions extends JobOptions {
  runAt?: RunAt;
  dependsOn?: string[];
}

/** `+10m` counts from the store's now: this machine's clock decides nothing. */
const startOf = async (runner: Runner, when: RunAt): Promise<Date> => {
  if ('at' in when) return when.at;
  const { at } = await runner.store.stats();
  return new Date(at.getTime() + when.after_seconds * 1000);
};

const toInput = async (
  desk: Desk,
  runner: Runner,
  name: string,
  job_type: string,
  options: CreateOptions,
): Promise<JobInput> => ({
  name,
  job_type,
  ...(await jobFields(desk, options)),
  ...given('run_at', options.runAt && (await startOf(runner, options.runAt))),
  ...given('depends_on', options.dependsOn),
});

export const addCreate: AddCommands = (program, act) => {
  const command = program
    .command('create')
    .summary('put a job into the store')
    .description('Puts a job into the store; the next drain executes it.')
    .argument('<name>', 'what people call the job')
    .argument('<type>', 'its job type, e.g. paper_fetch')
    .helpGroup('Jobs:');
  addJobOptions(command)
    .option('--run-at <when>', 'not before: 2026-12-24T18:00Z or +90s, +10m, +2h, +1d', runAt)
    .option('--depends-on <job-id>', 'wait until that job is success (may be repeated)', jobIds)
    .action(
      act<CreateOptions>(({ desk, flags, options }, name = '', type = '') =>
        withOwnTypes(desk, flags, async ({ runner }) => {
          const { output } = desk;
          const input = await toInput(desk, runner, name, type, options);
          const created = await runner.create(input);
          if (output.json) {
            output.data(created);
            return 0;
          }
          if (!created.created) {
            output.note(`There is such a job already (${created.status}); nothing was created.`);
          }
          output.line(created.job_id);
          if (input.run_at instanceof Date) output.note(`Due at ${moment(input.run_at)}.`);
          const next = created.status === 'waiting' ? 'cloud-jobs run executes it, ' : '';
          output.note(`Next: ${next}cloud-jobs show ${created.job_id}`);
          return 0;
        }),
      ),
    );
};
