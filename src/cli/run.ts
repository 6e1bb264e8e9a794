// `run`: one drain, as a schedule triggers it, and `run --dry-run`: what it would pick.
import { randomUUID } from 'node:crypto';
import type { Runner } from '../app.ts';
import type { Tally } from '../core/tally.ts';
import { UsageError } from '../errors.ts';
import { several } from './arguments.ts';
import { type AddCommands, addSettingFlags } from './command.ts';
import { withOwnTypes } from './desk.ts';
import { guard } from './guard.ts';
import { printPreview, printTally } from './tally.ts';

/** Refuses types that this instance has no code for: nothing would ever be picked for them. */
export const knownTypes = (runner: Runner, types: string[] | undefined): string[] | null => {
  for (const type of types ?? []) {
    if (runner.job_types.includes(type)) continue;
    const known = runner.job_types.join(', ');
    throw new UsageError(`unknown job type "${type}"; this instance knows ${known}`);
  }
  return types ?? null;
};

const PREVIEWED = 20;

const preview = (runner: Runner, max_jobs: number | null, job_types: string[] | null) => {
  const amount = Math.min(max_jobs ?? PREVIEWED, PREVIEWED);
  return runner.store.previewClaim({
    instance_id: runner.settings.instance_id,
    job_types: job_types ?? runner.job_types,
    execution_ids: Array.from({ length: amount }, () => randomUUID()),
    lock_seconds: 60,
    trigger: 'cli',
  });
};

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
        const job_types = knownTypes(runner, options.type);
        const { max_jobs, deadline } = settings;
        if (options.dryRun) {
          const claim = await preview(runner, max_jobs, job_types);
          if (output.json) output.data(claim);
          else await printPreview(output, claim);
          return 0;
        }
        return guard(desk.stop, output.log(settings.log_level), async (interrupt) => {
          const time_left_ms = deadline === null ? null : deadline * 1000;
          const tally = await runner.drain(
            { source: 'cli', time_left_ms },
            { max_jobs, job_types, interrupt },
          );
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
