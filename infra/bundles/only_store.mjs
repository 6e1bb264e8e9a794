// A function has the code of one store; asked for another one, it says so.
import { join } from 'node:path';

/** Files that src/stores/open.ts loads, by the store they belong to. */
const filesOfStores = {
  sqlite: /^\.\/sqlite\/(open|migrate)\.ts$/,
  postgres: /^\.\/(postgres|postgres\/(migrate|schema))\.ts$/,
  supabase: /^\.\/supabase\.ts$/,
};

/** What is called of them. */
const doors = [
  'openSqlite',
  'migrateSqlite',
  'printSqliteSchema',
  'openPostgres',
  'placeOf',
  'migratePostgres',
  'printPostgresSchema',
  'openSupabase',
];

const refusal = (root, store) => `
  import { SettingsError } from ${JSON.stringify(join(root, 'src/errors.ts'))};
  const refuse = () => {
    const message = 'name another store than ${store}, for which this function was built (or none)';
    throw new SettingsError([{ path: 'DATABASE_URL and SUPABASE_URL', message }]);
  };
  export { ${doors.map((door) => `refuse as ${door}`).join(', ')} };`;

export const stores = Object.keys(filesOfStores);

export const onlyStore = (root, store) => ({
  name: 'only-store',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\// }, ({ path, importer }) => {
      if (!/src[/\\]stores[/\\]open\.ts$/.test(importer)) return undefined;
      const owner = stores.find((name) => filesOfStores[name].test(path));
      return owner === undefined || owner === store ? undefined : { path, namespace: 'absent' };
    });
    onLoad({ filter: /./, namespace: 'absent' }, () => ({
      contents: refusal(root, store),
      resolveDir: root,
    }));
  },
});
