// The Supabase store's carrier: the same functions through supabase-js `.rpc()`, and what its errors
// mean. It never reads or writes a table by itself.
import type { Store } from '../core/store.ts';
import { type Argument, type CarrierOptions, functionStore } from './functions.ts';
import { explainFault } from './sqlstate.ts';

const ANSWER_WITHIN_MS = 30_000;

// Node 20 has no WebSocket, without which supabase-js refuses to start; nothing here listens.
class NoSocket {}

const toJson = (argument: Argument): unknown =>
  typeof argument === 'object' && argument !== null && 'json' in argument
    ? argument.json
    : argument;

/** Opens a project by its URL and the key of its service_role; the first call connects. */
export const openSupabase = async (
  url: string,
  key: string,
  { answer_within_ms = ANSWER_WITHIN_MS }: CarrierOptions = {},
): Promise<Store> => {
  const where = `Supabase at ${new URL(url).host}`;
  const closed = new AbortController();
  // What is never answered must hold up neither a drain nor the end of the process.
  const fetchInTime: typeof fetch = (input, init) => {
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(answer_within_ms)]);
    return fetch(input, { ...init, signal });
  };
  const { createClient } = await import('@supabase/supabase-js');
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    realtime: { transport: NoSocket as never },
    global: { fetch: fetchInTime },
  });
  return functionStore({
    where,
    call: async (name, args) => {
      const body = Object.fromEntries(
        Object.entries(args).map(([key, argument]) => [key, toJson(argument)]),
      );
      const { data, error, status } = await client.rpc(name, body);
      if (error === null) return data;
      const { code, message, details } = error;
      throw explainFault({ code: code ?? '', message, detail: details, status }, where, error);
    },
    // Autovacuum does it there; nobody may ask for more over HTTP.
    vacuum: async () => undefined,
    close: async () => closed.abort(),
  });
};
