// `init` on Postgres: runs the printed schema over one connection and reads what it has to tell.

import { connectTo, explainDriver, placeOf, refuseWithoutPassword } from '../postgres.ts';
import { type Migrated, readMigrations } from '../sql_files.ts';
import { POSTGRES_SCHEMA_VERSION, printPostgresSchema } from './schema.ts';

interface ReportLine {
  kind: 'from' | 'kept' | 'applied' | 'closed' | 'open';
  detail: string;
}

const toMigrated = (report: ReportLine[]): Migrated => {
  const told = (asked: ReportLine['kind']) =>
    report.filter(({ kind }) => kind === asked).map(({ detail }) => detail);
  const [kept] = told('kept');
  return {
    from: Number(told('from')[0] ?? 0),
    to: POSTGRES_SCHEMA_VERSION,
    applied: told('applied'),
    ...(kept && { kept }),
    notes: [
      ...(kept ? [`Kept ${kept}.`] : []),
      ...told('closed').map(
        (what) =>
          `Closed: ${what}. Only service_role and the owner have access now; sql/optional/anon_access.sql is the way back.`,
      ),
      ...told('open').map((who) => `Still open, as chosen: ${who}.`),
    ],
  };
};

/**
 * Creates or upgrades the tables in one transaction, those of the earlier Supabase set-up included;
 * safe to run again, and by many at once: the others wait and find nothing left to do. Dying
 * anywhere leaves the old schema whole. Throws SchemaError for a newer schema.
 */
export const migratePostgres = async (url: string): Promise<Migrated> => {
  const { default: driver } = await import('pg');
  const client = new driver.Client(connectTo(url));
  refuseWithoutPassword(client, url);
  try {
    await client.connect();
    const results: unknown = await client.query(printPostgresSchema());
    const [report] = (results as { rows: ReportLine[] }[]).filter(({ rows }) => rows[0]?.kind);
    return toMigrated(report?.rows ?? []);
  } catch (error) {
    throw explainDriver(error, placeOf(url));
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** A test holds the version to the files. */
export const postgresMigrations = (): string[] =>
  readMigrations('postgres/migrations').map(({ name }) => name);
