// The SQLite store under random stories. STORE_SEED and STORE_RUNS play others, or one again.
import { sqliteData } from '../support/sqlite.ts';
import { storeProperties } from './properties.ts';

const { STORE_SEED, STORE_RUNS } = process.env;

storeProperties('SQLite', sqliteData, {
  runs: Number(STORE_RUNS ?? 60),
  seed: Number(STORE_SEED ?? 20260),
});
