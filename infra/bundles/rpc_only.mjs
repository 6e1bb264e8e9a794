// supabase-js for the store: without the parts that a client of SQL functions never calls, a socket that
// listens, a file storage, signing in, edge functions. They are nine tenths of its code. The client makes
// one of each, hence the classes.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const parts = {
  '@supabase/realtime-js': 'export class RealtimeClient { setAuth() {} }',
  '@supabase/storage-js': `
    export class StorageClient {}
    export class StorageApiError extends Error {}`,
  // Nobody is signed in: then the key of the project goes along with every call.
  '@supabase/auth-js': `
    export class AuthClient {
      onAuthStateChange() {}
      async getSession() { return { data: { session: null }, error: null }; }
    }`,
  '@supabase/functions-js': `
    export class FunctionsClient {}
    export class FunctionsError extends Error {}
    export class FunctionsFetchError extends FunctionsError {}
    export class FunctionsHttpError extends FunctionsError {}
    export class FunctionsRelayError extends FunctionsError {}
    export const FunctionRegion = {};`,
};

const client = '@supabase/supabase-js';

/** The store, and the file with nothing but its client. Whoever else imports the client gets all of it. */
const store = /src[/\\]stores[/\\]supabase\.ts$|^<stdin>$/;

export const rpcOnly = {
  name: 'rpc-only',
  setup: ({ onResolve, onLoad, resolve }) => {
    onResolve({ filter: /^@supabase\/supabase-js$/ }, async ({ importer, kind, resolveDir }) => {
      if (!store.test(importer)) return undefined;
      const { path, errors } = await resolve(client, { kind, resolveDir });
      return errors.length > 0 ? { errors } : { path, namespace: 'rpc-only' };
    });
    onLoad({ filter: /./, namespace: 'rpc-only' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      resolveDir: dirname(path),
    }));
    onResolve({ filter: /^@supabase\//, namespace: 'rpc-only' }, ({ path }) =>
      path in parts ? { path, namespace: 'uncalled' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'uncalled' }, ({ path }) => ({ contents: parts[path] }));
  },
};
