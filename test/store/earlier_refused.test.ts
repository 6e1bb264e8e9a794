// Databases that no schedules can be imported from: one sentence says why.
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { openEarlier } from '../../src/stores/earlier/open.ts';
import { earlierFile, earlierServer, earlierTables } from '../support/earlier.ts';
import { describePostgres } from '../support/postgres.ts';
import { freePort } from '../support/servers/ports.ts';
import { tempFile } from '../support/temp.ts';

describe('what cannot be imported from', () => {
  test('is a file that is not there, and none is made', async () => {
    const path = tempFile();
    const refused = { code: 'input_invalid', message: `Import refused: there is no file ${path}` };
    await expect(openEarlier(`sqlite:${path}`)).rejects.toMatchObject(refused);
    await expect(openEarlier(`sqlite:${path}`)).rejects.toMatchObject(refused);
  });

  test('is a file that is no database', async () => {
    const path = tempFile();
    writeFileSync(path, 'id,name,cron\n'.repeat(100));
    await expect(openEarlier(`sqlite:${path}`)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: `The SQLite file ${path} cannot be read: the file is no SQLite database`,
    });
  });

  test('is a file without the table', async () => {
    const { address, path } = await earlierFile('CREATE TABLE cronjobs (id)');
    await expect(openEarlier(address)).rejects.toMatchObject({
      code: 'input_invalid',
      message: `Import refused: SQLite file ${path} has no table jobs: it is no database of the earlier scheduler`,
    });
  });

  test('is a table without the columns, every one of which is named with its other names', async () => {
    const { address, path } = await earlierFile('CREATE TABLE jobs (id, name, status)');
    await expect(openEarlier(address)).rejects.toMatchObject({
      code: 'input_invalid',
      message: `Import refused: the table jobs of SQLite file ${path} has no column for the job type (job_type, type, task_type), nor for the schedule expression (schedule_expression, cron_expression, cron, cron_expr, cron_schedule, crontab, schedule, expression)`,
    });
  });

  test('is a table of executions that do not say whose they are', async () => {
    const [jobs = ''] = earlierTables.sqlite;
    const { address } = await earlierFile(jobs, 'CREATE TABLE job_executions (id, status)');
    await expect(openEarlier(address)).rejects.toThrow(
      /the table job_executions of .* has no column for the job id \(job_id\)$/,
    );
  });

  test('is a server that is not there', async () => {
    const address = `postgres://me:secret@127.0.0.1:${await freePort()}/old`;
    const error = await openEarlier(address).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'store_unavailable' });
    expect(error.message).toMatch(/^Postgres database old at 127\.0\.0\.1:\d+ cannot be reached: /);
    expect(error.message).not.toContain('secret');
  });
});

describePostgres('what cannot be imported from on a server', () => {
  test('is a database without the table', async () => {
    const { address } = await earlierServer('CREATE TABLE job_executions (id int)');
    await expect(openEarlier(address)).rejects.toThrow(
      /^Import refused: Postgres .* has no table jobs/,
    );
  });

  test('is a table that this user may not read', async () => {
    const { address } = await earlierServer(
      ...earlierTables.postgres,
      'REVOKE ALL ON jobs FROM CURRENT_USER',
    );
    await expect(openEarlier(address)).rejects.toMatchObject({
      code: 'store_refused',
      message: expect.stringContaining('permission denied for table jobs'),
    });
  });

  test('is a database for a wrong password, or none', async () => {
    const { address } = await earlierServer(...earlierTables.postgres);
    const url = new URL(address);
    url.password = 'wrong';
    await expect(openEarlier(url.href)).rejects.toMatchObject({ code: 'store_refused' });
    url.password = '';
    await expect(openEarlier(url.href)).rejects.toMatchObject({ code: 'store_refused' });
  });
});
