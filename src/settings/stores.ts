// Stores that people may ask for and this version does not have: each gets a sentence of its own.
import type { Problem } from '../errors.ts';
import type { Given, Variables } from './sources.ts';

const instead = 'set DATABASE_URL=sqlite:PATH to keep jobs in a file';

const schemes: [RegExp, string][] = [
  [/^postgres(ql)?:/i, 'Postgres'],
  [/^nats:/i, 'NATS'],
  [/^rediss?:/i, 'Redis'],
  [/^https?:/i, 'Supabase'],
  [/^consul:/i, 'Consul-resolved'],
];

/** Says so when `database_url` names a kind of store that is not there yet; never repeats the URL. */
export const missingStore = ({ value, from }: Given): Problem | undefined => {
  const known = schemes.find(([scheme]) => typeof value === 'string' && scheme.test(value.trim()));
  if (!known) return undefined;
  return { path: from, message: `this version has no ${known[1]} store yet; ${instead}` };
};

/** Variables that choose another store, when no `database_url` says that SQLite is meant. */
export const otherStores = (variables: Variables): Problem[] =>
  Object.entries({ SUPABASE_URL: 'Supabase', NATS_URL: 'NATS' })
    .filter(([name]) => (variables[name] ?? '') !== '')
    .map(([name, store]) => ({
      path: `${name} in the environment`,
      message: `this version has no ${store} store yet; ${instead} (it then counts instead), or unset ${name}`,
    }));
