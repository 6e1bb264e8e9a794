// `init`: creates or upgrades the tables, or prints their SQL.
import type { AddCommands } from './command.ts';

export const addInit: AddCommands = (program, act) => {
  program
    .command('init')
    .summary('create or upgrade the tables')
    .description('Creates the tables, or upgrades them; does nothing when they are up to date.')
    .option('--print', 'print the SQL instead of running it')
    .helpGroup('Set-up:')
    .action(
      act<{ print?: true }>(async ({ desk, flags, options }) => {
        const { output } = desk;
        const { settings } = await desk.resolveSettings(flags);
        if (options.print) {
          const sql = await desk.printSchema(settings);
          if (output.json) output.data({ sql });
          else output.raw(sql.endsWith('\n') ? sql : `${sql}\n`);
          return 0;
        }
        const { from, to, applied } = await desk.initStore(settings);
        if (output.json) {
          output.data({ from, to, applied });
          return 0;
        }
        const where = settings.database_url;
        if (applied.length === 0) {
          output.line(`The tables in ${where} are up to date (schema version ${to}).`);
          return 0;
        }
        const did = from === 0 ? 'Created the tables' : `Upgraded the tables from version ${from}`;
        output.line(`${did} in ${where} (schema version ${to}): ${applied.join(', ')}.`);
        output.line('Next: cloud-jobs doctor, or cloud-jobs create NAME TYPE');
        return 0;
      }),
    );
};
