// The Postgres store under random stories. STORE_SEED and STORE_RUNS play others, or one again.
import { describePostgres } from '../support/postgres.ts';
import { postgresData } from '../support/postgres_data.ts';
import { storeProperties } from './properties.ts';

const { STORE_SEED, STORE_RUNS } = process.env;

describePostgres('on a real server', () =>
  storeProperties('Postgres', postgresData, {
    runs: Number(STORE_RUNS ?? 12),
    seed: Number(STORE_SEED ?? 20260),
  }),
);
