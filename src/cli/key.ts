// Whose key of a Supabase project is used, as far as the key itself tells.
import type { Settings } from '../settings.ts';

const payloadOf = (token: string): unknown => {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
};

/** The role a key stands for; null when it does not say. Keys of the newer kind say it in front. */
const roleOf = (key: string): string | null => {
  if (key.startsWith('sb_secret_')) return 'service_role';
  if (key.startsWith('sb_publishable_')) return 'anon';
  const payload = payloadOf(key);
  const role = typeof payload === 'object' && payload !== null && Reflect.get(payload, 'role');
  return typeof role === 'string' ? role : null;
};

/** What is doubtful about the key in use, in a sentence without it; null = nothing. */
export const doubtOfKey = (settings: Settings): string | null => {
  const { database_url, supabase_service_role_key, supabase_anon_key } = settings;
  if (database_url !== null) return null;
  const [key, name] =
    supabase_service_role_key === null
      ? [supabase_anon_key, 'SUPABASE_ANON_KEY']
      : [supabase_service_role_key, 'SUPABASE_SERVICE_ROLE_KEY'];
  const role = key === null ? null : roleOf(key);
  if (role === null || role === 'service_role') return null;
  return `${name} is a key of ${role}, which may do only what sql/optional/anon_access.sql opened; set SUPABASE_SERVICE_ROLE_KEY to the project's secret key`;
};
