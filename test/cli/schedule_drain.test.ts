// What `run` and `show` tell of the slots of schedules.
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { plannedSchedule } from '../support/schedules.ts';
import { type CommandLine, commandLine } from './command_line.ts';

let cli: CommandLine;
let id: string;

/** Three minutes ago someone made it, and nothing woke since. */
beforeEach(async () => {
  cli = await commandLine();
  const now = () => new Date(Date.now() - 180_000);
  const store = await openSqlite(join(cli.folder, 'jobs.db'), { now });
  const rule = { schedule_expression: '* * * * *', job_type: 'greet' };
  id = await plannedSchedule(store, { name: 'greetings', ...rule });
  await store.close();
});

test('a drain counts what became of slots', async () => {
  const { code, out } = await cli.run('run');
  expect(code).toBe(0);
  expect(out).toMatch(/\nSlots: 1 fired, [234] missed\. 1 execution in .*: 1 success; /);
  expect((await cli.run('run')).out).not.toContain('missed');
});

test('--dry-run shows what would become of each slot, and decides nothing', async () => {
  const preview = async () => (await cli.run('run', '--dry-run')).out;
  const out = await preview();
  expect(out).toMatch(/^Would decide upon [345] slots:\nschedule +slot +then +why\n/);
  expect(out).toMatch(/greetings +\S+ \S+ UTC +missed +nothing woke in time: a later time was /);
  expect(out).toMatch(/greetings +\S+ \S+ UTC +fired +its time had come\n/);
  expect(await preview()).toMatch(/^Would decide upon [345] slots:\n/);
});

test('a job tells which schedule made it, and for which time', async () => {
  await cli.run('run');
  const [{ job_id }] = JSON.parse((await cli.run('list', '--json')).out);
  expect(job_id).toMatch(new RegExp(`^${id}:`));
  const slot = job_id.slice(id.length + 1, -1).replace('T', ' ');
  const { out } = await cli.run('show', job_id);
  expect(out).toMatch(new RegExp(`\n {2}schedule +greetings, for ${slot}:00 UTC\n`));
});

test('a job that was made by hand tells its schedule alone', async () => {
  const { out: job_id } = await cli.run('schedule', 'trigger', 'greetings');
  const { out } = await cli.run('show', job_id.trim());
  expect(out).toMatch(/\n {2}schedule +greetings\n/);
});
