// An earlier scheduler's database, by its address, as something that can be imported from.
import type { EarlierExecution, EarlierSchedule, EarlierSource } from '../../core/earlier.ts';
import { InputError } from '../../errors.ts';
import { chooseColumns, executionsTable, jobsTable, type Table } from './columns.ts';
import type { EarlierDatabase } from './database.ts';
import { toExecution } from './executions.ts';
import { createNotes, type Notes } from './notes.ts';
import { toSchedule } from './schedules.ts';

const openDatabase = async (address: string): Promise<EarlierDatabase> => {
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(address)?.[1];
  if (path !== undefined) return (await import('./sqlite.ts')).openEarlierSqlite(path);
  return (await import('./postgres.ts')).openEarlierPostgres(address);
};

const tellUnknown = ({ name }: Table, unknown: string[], notes: Notes): void => {
  for (const column of unknown) {
    const reason = 'there is nothing like it here';
    notes.add({ table: name, row: null, column, value: null, reason });
  }
};

const readSchedules = async (
  database: EarlierDatabase,
  columns: Record<string, string>,
): Promise<EarlierSchedule[]> => {
  const schedules: EarlierSchedule[] = [];
  for await (const rows of database.rowsOf(jobsTable.name, columns)) {
    schedules.push(...rows.map(toSchedule));
  }
  return schedules;
};

const read = async (database: EarlierDatabase): Promise<EarlierSource> => {
  const notes = createNotes();
  const { where, now } = database;
  const jobs = await chooseColumns(database, jobsTable);
  if (jobs.columns === null) {
    const message = `${where} has no table ${jobsTable.name}: it is no database of the earlier scheduler`;
    throw new InputError([{ path: '', message }], 'Import refused');
  }
  const executions = await chooseColumns(database, executionsTable);
  tellUnknown(jobsTable, jobs.unknown, notes);
  tellUnknown(executionsTable, executions.unknown, notes);
  const schedules = await readSchedules(database, jobs.columns);
  const by_id = new Map(schedules.map((schedule) => [schedule.earlier_id, schedule]));
  const { columns } = executions;
  if (columns === null) {
    const reason = 'there is no such table, so no history';
    notes.add({ table: executionsTable.name, row: null, column: null, value: null, reason });
  }
  return {
    where,
    schedules,
    executions: async function* () {
      if (columns === null) return;
      const place = { schedules: by_id, now, columns, notes };
      for await (const rows of database.rowsOf(executionsTable.name, columns)) {
        const found = rows.map((row) => toExecution(row, place));
        yield found.filter((one): one is EarlierExecution => one !== null);
      }
    },
    unused: () => notes.told(),
    close: () => database.close(),
  };
};

/**
 * Opens it, and reads its schedules. `address` is `sqlite:PATH` or `postgres://…`, checked before.
 * Throws InputError for a file or table that is not there, and naming every column that is missed;
 * StoreUnavailableError or StoreRefusedError where it cannot be reached or read.
 */
export const openEarlier = async (address: string): Promise<EarlierSource> => {
  const database = await openDatabase(address);
  try {
    return await read(database);
  } catch (error) {
    await database.close();
    throw error;
  }
};
