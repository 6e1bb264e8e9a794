// The Postgres database of an earlier scheduler, read over one connection in one transaction that may
// not write: one moment of it, however long the reading takes.
import type { QueryArrayConfig } from 'pg';
import { connectTo, explainDriver, placeOf, refuseWithoutPassword } from '../postgres.ts';
import { type EarlierDatabase, PAGE_ROWS, quoted, type Row } from './database.ts';

const BEGIN = `
  BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL TimeZone = 'UTC';
  SET LOCAL DateStyle = 'ISO'`;

const COLUMNS = `
  SELECT a.attname FROM pg_attribute a
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

/** Throws StoreUnavailableError, or StoreRefusedError for a wrong user or password. */
export const openEarlierPostgres = async (url: string): Promise<EarlierDatabase> => {
  const where = placeOf(url);
  const { default: driver } = await import('pg');
  const client = new driver.Client(connectTo(url));
  refuseWithoutPassword(client, url);
  // A connection that breaks between two questions: the next one says so.
  client.on('error', () => undefined);
  const ask = async (text: string, values?: unknown[]): Promise<(string | null)[][]> => {
    const query: QueryArrayConfig = { text, rowMode: 'array', ...(values && { values }) };
    const { rows } = await client.query(query).catch((error: unknown) => {
      throw explainDriver(error, where);
    });
    return rows;
  };
  const close = () => client.end().catch(() => undefined);
  try {
    await client.connect().catch((error: unknown) => {
      throw explainDriver(error, where);
    });
    await ask(BEGIN);
    const [[now] = []] = await ask('SELECT (extract(epoch FROM now()) * 1000)::text');
    return {
      where,
      now: new Date(Number(now)),
      columnsOf: async (table) => (await ask(COLUMNS, [table])).map(([name]) => String(name)),
      rowsOf: async function* (table, columns) {
        const names = Object.keys(columns);
        const wanted = Object.values(columns).map((name) => `${quoted(name)}::text`);
        const { created_at, started_at, id } = columns;
        const order = [created_at, started_at, id].flatMap((name) => (name ? [quoted(name)] : []));
        await ask(`DECLARE earlier NO SCROLL CURSOR FOR
          SELECT ${wanted.join(', ')} FROM ${quoted(table)} ORDER BY ${order.join(', ')}`);
        try {
          for (;;) {
            const page = await ask(`FETCH ${PAGE_ROWS} FROM earlier`);
            if (page.length === 0) return;
            yield page.map(
              (row) => Object.fromEntries(names.map((name, at) => [name, row[at]])) as Row,
            );
          }
        } finally {
          // Fails where the transaction has failed: then that is what is told.
          await client.query('CLOSE earlier').catch(() => undefined);
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
