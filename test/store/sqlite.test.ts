// The SQLite store passes the store contract.
import { sqliteData } from '../support/sqlite.ts';
import { storeContract } from './contract.ts';

storeContract('SQLite', sqliteData);
