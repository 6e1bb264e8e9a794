// The commands for schedules as people run them: the built file, on a real server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { tempFolder } from '../support/temp.ts';
import { build, commandsIn } from './bundle.ts';
import { nothing } from './job_types.ts';

beforeAll(build);

describePostgres('schedules on Postgres', () => {
  test('one is made, shown, triggered, paused, resumed and deleted', async () => {
    const { url } = await newDatabase(migrated);
    const folder = tempFolder();
    writeFileSync(join(folder, 'jobs.mjs'), nothing);
    const { run } = commandsIn(folder, { DATABASE_URL: url, JOB_MODULE: 'jobs.mjs' });
    const schedule = async (...words: string[]) => {
      const { code, out, err } = await run('schedule', ...words);
      if (code !== 0) throw new Error(err);
      return out;
    };
    const id = (await schedule('create', 'nightly', 'nothing', '0 9 * * 1-5')).trim();
    expect(await schedule('list')).toMatch(/\nnightly +active +in .* 0 9 \* \* 1-5 UTC\n$/);
    const job_id = (await schedule('trigger', 'nightly')).trim();
    expect((await run('show', job_id)).out).toMatch(/\n {2}schedule +nightly\n/);
    expect(JSON.parse((await run('run', '--json')).out)).toMatchObject({
      executions: [{ job_id, status: 'success' }],
    });
    expect(await schedule('pause', id)).toBe(`nightly (${id}) is now paused.\n`);
    expect(await schedule('show', 'nightly')).toContain('Next times would be (it is paused)\nUTC ');
    expect(await schedule('resume', 'nightly')).toMatch(/ is now active; next time in /);
    expect(await schedule('delete', 'nightly')).toBe(`nightly (${id}) is deleted.\n`);
    expect(await schedule('show', id)).toContain(' skipped: the schedule was deleted\n');
    expect(await run('schedule', 'show', 'nightly')).toMatchObject({
      code: 2,
      err: `error: There is no schedule "nightly" any more; the deleted one is ${id}.\n`,
    });
  });
});
