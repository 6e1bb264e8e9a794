// A Supabase project as a client sees it: an address and its keys, over one database.
import { type Gateway, startGateway } from './gateway.ts';
import { newKeys, type Role, token } from './keys.ts';
import { type Postgrest, startPostgrest } from './postgrest.ts';

export interface Supabase extends Gateway, Pick<Postgrest, 'reload_schema' | 'log_file'> {
  service_role_key: string;
  anon_key: string;
  /** of the newer kind, which are no tokens */
  secret_key: string;
  publishable_key: string;
}

const newKey = (wanted: Role): string =>
  Object.entries(newKeys).find(([, role]) => role === wanted)?.[0] ?? '';

/** `url` is the database's; the schema is read once, at the start. */
export const startSupabase = async (url: string): Promise<Supabase> => {
  const postgrest = await startPostgrest(url);
  const gateway = await startGateway(postgrest.port);
  const stopGateway = gateway.stop;
  return Object.assign(gateway, {
    service_role_key: token('service_role'),
    anon_key: token('anon'),
    secret_key: newKey('service_role'),
    publishable_key: newKey('anon'),
    reload_schema: postgrest.reload_schema,
    log_file: postgrest.log_file,
    stop: async () => {
      await stopGateway();
      await postgrest.stop();
    },
  });
};
