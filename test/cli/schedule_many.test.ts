import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'libsql';
import type { Schedule } from '../../src/core/schedule.ts';
import { scheduleLine } from './schedule_line.ts';

const pad = (value: number) => String(value).padStart(4, '0');

test('`schedule list` reads on to the last one, also where many deleted ones have one name', async () => {
  const cli = await scheduleLine();
  await cli.create('original', 'demo', '@daily');
  const database = new Database(join(cli.folder, 'jobs.db'));
  const [original] = database.prepare('SELECT * FROM cloud_job_schedules').all() as [object];
  const columns = Object.keys(original);
  const insert = database.prepare(
    `INSERT INTO cloud_job_schedules (${columns}) VALUES (${columns.map(() => '?')})`,
  );
  const copy = (changes: object) => insert.run(...Object.values({ ...original, ...changes }));
  const made = { active: [] as string[], deleted: [] as string[] };
  database.exec('BEGIN');
  for (let at = 0; at < 1200; at += 1) {
    copy({ schedule_id: `a${at}`, name: `live ${pad(at)}` });
    made.active.push(`a${at}`);
    // 700 of one name: more than a page holds, in the midst of others.
    const name = at < 300 ? 'first' : at < 1000 ? 'same' : `then ${pad(at)}`;
    const created_at = `2031-05-16T00:00:00.${String(at % 1000).padStart(3, '0')}Z`;
    copy({ schedule_id: `d${pad(at)}`, name, status: 'deleted', plan_at: null, created_at });
    made.deleted.push(`d${pad(at)}`);
  }
  database.exec('COMMIT');
  database.close();
  const ids = async (...words: string[]) => {
    const { out } = await cli.run('schedule', 'list', '--json', ...words);
    return (JSON.parse(out) as Schedule[]).map(({ schedule_id }) => schedule_id);
  };
  expect((await ids()).slice(0, -1)).toEqual(made.active);
  expect(await ids('--limit', '1100')).toEqual(made.active.slice(0, 1100));
  expect((await ids('--status', 'deleted')).sort()).toEqual(made.deleted);
  expect(await ids('--status', 'deleted', '-n', '600')).toHaveLength(600);
  const { out } = await cli.run('schedule', 'list');
  expect(out.trimEnd().split('\n')).toHaveLength(1202);
});
