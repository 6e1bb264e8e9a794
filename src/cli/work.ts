// `work`: drains again and again until a signal asks it to stop.
import { Option } from 'commander';
import { priorityRanges } from '../core/job.ts';
import { duration } from '../core/lengths.ts';
import { guard } from '../guard.ts';
import { several } from './arguments.ts';
import { type AddCommands, addSettingFlags } from './command.ts';
import { withOwnTypes } from './desk.ts';
import { oneLine } from './format.ts';
import { printTally } from './tally.ts';

interface WorkOptions {
  name?: string;
  priority: keyof typeof priorityRanges;
  type?: string[];
}

export const addWork: AddCommands = (program, act) => {
  const command = program
    .command('work')
    .summary('execute what is due, and wait for more')
    .description(
      'Executes jobs as they fall due, until SIGTERM or SIGINT (Ctrl-C). Running code is then ' +
        'stopped, what it saved is kept, and the job goes on elsewhere.',
    )
    .option('--name <name>', 'name of this worker; the same as --instance-id')
    .addOption(
      new Option('-p, --priority <word>', 'only jobs above, at or below normal priority')
        .choices(Object.keys(priorityRanges))
        .default('all'),
    )
    .option('-t, --type <type>', 'only this job type (may be repeated)', several)
    .helpGroup('Work:');
  addSettingFlags(command, 'work').action(
    act<WorkOptions>(({ desk, flags, options }) => {
      const named = options.name === undefined ? flags : { ...flags, instance_id: options.name };
      return withOwnTypes(desk, named, async ({ runner, resolved: { settings } }) => {
        const { output } = desk;
        const job_types = options.type ?? null;
        const { instance_id, poll_interval } = settings;
        const types = oneLine((job_types ?? runner.job_types).join(', '), 200);
        output.note(
          `Working as ${instance_id} on ${types}; looks every ${duration(poll_interval)}. Ctrl-C stops.`,
        );
        return guard(desk.stop, output.log(settings.log_level), async (interrupt) => {
          const tally = await runner.work({
            interrupt,
            poll_interval_seconds: poll_interval,
            job_types,
            priority: priorityRanges[options.priority],
          });
          if (output.json) output.data(tally);
          else await printTally(output, tally);
          // Failed jobs are a worker's daily life; only code that broke the process ends it badly.
          return interrupt.reason instanceof Error ? 1 : 0;
        });
      });
    }),
  );
};
