// `init`: creates or upgrades the tables, or prints their SQL.
import type { AddCommands } from './command.ts';
import type { Initialised } from './desk.ts';
import { oneLine } from './format.ts';
import type { Output } from './output.ts';

const deedOf = ({ from, kept }: Pick<Initialised, 'from' | 'kept'>): string => {
  if (kept) return 'Upgraded the earlier set-up';
  return from === 0 ? 'Created the tables' : `Upgraded the tables from version ${from}`;
};

const tell = (output: Output, done: Omit<Initialised, 'where'>, where: string) => {
  const { to, applied, notes } = done;
  output.line(
    applied.length === 0
      ? `The tables in ${where} are up to date (schema version ${to}).`
      : `${deedOf(done)} in ${where} (schema version ${to}): ${applied.join(', ')}.`,
  );
  for (const note of notes) output.line(oneLine(note, 500));
  if (applied.length > 0) output.line('Next: cloud-jobs doctor, or cloud-jobs create NAME TYPE');
};

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
        const { where, ...done } = await desk.initStore(settings);
        if (output.json) output.data(done);
        else tell(output, done, where);
        return 0;
      }),
    );
};
