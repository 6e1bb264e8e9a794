// Every store takes and refuses the same characters.
import { describePostgres } from '../support/postgres.ts';
import { postgresData } from '../support/postgres_data.ts';
import { sqliteData } from '../support/sqlite.ts';
import { describeSupabase } from '../support/supabase.ts';
import { supabaseData } from '../support/supabase_data.ts';
import { textTests } from './texts.ts';

textTests('SQLite', sqliteData);
describePostgres('on a real server', () => textTests('Postgres', postgresData));
describeSupabase('through PostgREST', () => textTests('Supabase', supabaseData));
