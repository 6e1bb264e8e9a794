// The Postgres store passes the store contract.
import { describePostgres } from '../support/postgres.ts';
import { postgresData } from '../support/postgres_data.ts';
import { storeContract } from './contract.ts';

describePostgres('on a real server', () => storeContract('Postgres', postgresData));
