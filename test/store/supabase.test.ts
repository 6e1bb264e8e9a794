// The Supabase store passes the store contract.
import { describeSupabase } from '../support/supabase.ts';
import { supabaseData } from '../support/supabase_data.ts';
import { storeContract } from './contract.ts';

describeSupabase('through PostgREST', () => storeContract('Supabase', supabaseData));
