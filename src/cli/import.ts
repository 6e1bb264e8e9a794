// `import`: schedules and history of an earlier scheduler.
import { StoreUnavailableError } from '../errors.ts';
import type { AddCommands } from './command.ts';
import { type Desk, type Opened, withOwnTypes } from './desk.ts';
import type { Imported } from './imported.ts';

interface ImportOptions {
  fromSchedules: string;
  dryRun?: true;
}

const NOTES = `
The database has the tables \`jobs\`, each a cron schedule, and \`job_executions\`; nothing in it is
changed. Expressions, configs, statuses and limits are taken over, and each execution becomes a
finished job. What is here already stays as it is, so it may be run again.

Exits with 1 when a schedule was refused; the others are imported.`;

/** People see what came of the schedules before their history, which may take a while, is imported. */
const carryOut = async (
  { output, stop, openEarlier }: Desk,
  { runner, resolved }: Opened,
  address: string,
  dry_run: boolean,
): Promise<Imported> => {
  const { importSchedules } = await import('../core/import.ts');
  const { importExecutions } = await import('../core/import_history.ts');
  const { printSchedules } = await import('./imported.ts');
  const { store, registry } = runner;
  const emit = output.log(resolved.settings.log_level);
  const source = await openEarlier(address);
  try {
    const { where } = source;
    const schedules = await importSchedules(source.schedules, dry_run, { store, registry, emit });
    if (!output.json) printSchedules(output, where, schedules);
    const heard = (sum: { added: number; present: number }) =>
      output.transient(`${sum.added + sum.present} executions …`);
    const options = { dry_run, interrupt: stop, heard };
    const executions = await importExecutions(source, schedules, options, store);
    return { from: where, dry_run, schedules, executions, unused: source.unused() };
  } catch (error) {
    if (!dry_run && error instanceof StoreUnavailableError) {
      output.transient('');
      output.note('What came so far stays; the same command brings the rest.');
    }
    throw error;
  } finally {
    await source.close();
  }
};

export const addImport: AddCommands = (program, act) => {
  program
    .command('import')
    .summary('take over schedules and history from an earlier scheduler')
    .description(
      'Takes over the schedules of a database-driven scheduler, and the history of their executions.',
    )
    .requiredOption(
      '--from-schedules <address>',
      'its database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE',
    )
    .option('--dry-run', 'show what would come and write nothing')
    .addHelpText('after', NOTES)
    .helpGroup('Schedules:')
    .action(
      act<ImportOptions>(({ desk, flags, options: { fromSchedules, dryRun = false } }) =>
        withOwnTypes(desk, flags, async (opened) => {
          const imported = await carryOut(desk, opened, fromSchedules, dryRun);
          const { printSummary, toData } = await import('./imported.ts');
          const { schedules, executions } = imported;
          if (desk.output.json) desk.output.data(toData(imported));
          else printSummary(desk.output, imported);
          const refused = schedules.some(({ action }) => action === 'refused');
          return refused || executions.stopped ? 1 : 0;
        }),
      ),
    );
};
