// Which of the settings say where jobs are kept, and what is missing beside them.
import type { Problem } from '../errors.ts';
import { notYet } from './addresses.ts';
import type { Flags, Given, Variables } from './sources.ts';
import type { SettingKey } from './table.ts';

type Find = (key: SettingKey) => Given | undefined;

/** How a Supabase project is named. */
const supabaseKeys = [
  'supabase_url',
  'supabase_service_role_key',
  'supabase_anon_key',
  'supabase_db_url',
] as const;

/** Where jobs are kept, and the settings that therefore count for nothing. */
export interface Chosen {
  store: 'database' | 'supabase' | 'default';
  ignored: readonly SettingKey[];
}

/**
 * A `database_url` counts wherever it is given; only a program that names a Supabase project itself
 * means that project. The settings of the store that was not chosen are not even looked at: they may
 * belong to something else on this machine.
 */
export const chooseStore = (flags: Flags, find: Find): Chosen => {
  const named = flags.supabase_url !== undefined && flags.supabase_url !== null;
  if (!named && find('database_url')) return { store: 'database', ignored: supabaseKeys };
  const supabase = supabaseKeys.some((key) => find(key) !== undefined);
  return { store: supabase ? 'supabase' : 'default', ignored: supabase ? ['database_url'] : [] };
};

/** What a Supabase project still needs. */
const missingParts = (find: Find): Problem[] => {
  const [url, secret, anon, database] = supabaseKeys.map(find);
  const key = secret ?? anon;
  if (url !== undefined && key !== undefined) return [];
  const given = (url ?? key ?? database)?.from;
  const elsewhere = 'or DATABASE_URL to keep jobs elsewhere';
  if (url !== undefined) {
    const message = `is not set, but ${given} is; set it to the project's secret key, ${elsewhere}`;
    return [{ path: 'SUPABASE_SERVICE_ROLE_KEY', message }];
  }
  const alone = key === undefined ? ', which only `init` uses' : '';
  const message = `is not set, but ${given} is${alone}; set it to the project's address, ${elsewhere}`;
  return [{ path: 'SUPABASE_URL', message }];
};

/** Problems of the choice itself, not of a single value. */
export const choiceProblems = ({ store }: Chosen, find: Find, variables: Variables): Problem[] => {
  if (store === 'supabase') return missingParts(find);
  const nats = (variables.NATS_URL ?? '').trim() !== '' && store === 'default';
  return nats ? [{ path: 'NATS_URL in the environment', message: notYet('NATS') }] : [];
};
