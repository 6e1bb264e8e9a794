// `run`: one drain, as a schedule triggers it, and `run --dry-run`: what it would pick.
import type { Tally } from '../core/tally.ts';
import { guard } from '../guard.ts';
import { several } from './arguments.ts';
import { type AddCommands, addSettingFlags } from './command.ts';
import { withOwnTypes } from './desk.ts';
import { printPreview, printTally } from './tally.ts';

/** 1 when an execution of this drain failed or ran out of time, or job code broke the process. */
const tallyCode = ({ outcomes }: Tally, interrupt?: AbortSignal): number =>
  outcomes.failed || outcomes.timeout || interrupt?.reason instanceof Error ? 1 : 0;

interface RunOptions {
  dryRun?: true;
  type?: string[];
}

export const addRun: AddCommands = (program, act) => {
  const command = program
    .command('run')
    .summary('execute what is due, then exit (one drain)')
    .description('Executes the jobs that are due, one after the other, then exits.')
    .option('--dry-run', 'show what would be picked and change nothing')
    .option('-t, --type <type>', 'only this job type (may be repeated)', several)
    .helpGroup('Work:');
  addSettingFlags(command, 'run').action(
    act<RunOptions>(({ desk, flags, options }) =>
      withOwnTypes(desk, flags, async ({ runner, resolved: { settings } }) => {
        const { output } = desk;
        const job_types = options.type ?? null;
        if (options.dryRun) {
          const claim = await runner.preview({ job_types });
          if (output.json) output.data(claim);
          else await printPreview(output, claim);
          return 0;
        }
        return guard(desk.stop, output.log(settings.log_level), async (interrupt) => {
          const tally = await runner.drain({}, { job_types, interrupt });
          if (output.json) output.data(tally);
          else await printTally(output, tally);
          if (interrupt.reason instanceof Error) {
            output.note('Stopped early: job code threw outside its run. Run again for the rest.');
          }
          return tallyCode(tally, interrupt);
        });
      }),
    ),
  );
};
