// Installations of the earlier Supabase set-up become what a fresh one is, whatever shape they have.
import { beforeAll, expect, test } from '@jest/globals';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { query } from '../support/servers/postgres.ts';
import { dumpCatalog } from './catalog.ts';
import { earlierSetup, earlierShapes } from './earlier_setup.ts';

describePostgres('an upgrade of the earlier set-up', () => {
  let fresh: string[];
  beforeAll(async () => {
    const { url } = await newProject('open');
    await migratePostgres(url);
    fresh = await dumpCatalog(url);
  });

  test.each(Object.entries(earlierShapes))(
    '%s comes out as a fresh schema',
    async (_name, shape) => {
      const { url } = await newProject('open');
      await query(url, earlierSetup(shape));
      await migratePostgres(url);
      expect(await dumpCatalog(url)).toEqual(fresh);
    },
  );
});
