// Schedules, whole: created, looked at, steered, triggered, deleted.
import { expect } from '@jest/globals';
import type {
  CreatedAnswer,
  ScheduleAnswer,
  ScheduleDetailAnswer,
  ScheduleListAnswer,
} from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import type { Stage } from './stage.ts';

const PATH = '/api/v1/schedules';

const create = ({ post }: Stage, name: string, more: object = {}) =>
  post<ScheduleAnswer>(PATH, {
    name,
    job_type: 'maintenance',
    schedule_expression: '0 3 * * *',
    ...more,
  });

const whole = async (stage: Stage) => {
  const asked = {
    timezone: 'Europe/Berlin',
    config: { cleanup_days: 7 },
    priority: 'low',
    missed: 'all',
    concurrency_policy: 'forbid',
  };
  const { status, json } = await create(stage, 'nightly clean-up', asked);
  const kept = { ...asked, priority: -10, status: 'active', schedule_expression: '0 3 * * *' };
  expect(status).toBe(201);
  expect(json).toMatchObject({ ...kept, config: { cleanup_days: 7 } });
  const byName = await stage.ask<ScheduleDetailAnswer>(`${PATH}/nightly%20clean-up?slots=3`);
  expect(byName).toMatchObject({ status: 200, json: { ...kept, schedule_id: json.schedule_id } });
  expect(byName.json.next_times).toHaveLength(5);
  expect(byName.json.slots.length).toBeLessThanOrEqual(3);
  const byId = await stage.ask<ScheduleDetailAnswer>(`${PATH}/${json.schedule_id}`);
  expect(byId.json.name).toBe('nightly clean-up');
};

const list = async (stage: Stage) => {
  for (const name of ['list-a', 'list-b', 'list-c']) await create(stage, name);
  const page = await stage.ask<ScheduleListAnswer>(`${PATH}?limit=2&after=list-`);
  expect(page.json.schedules.map(({ name }) => name)).toEqual(['list-a', 'list-b']);
  const next = await stage.ask<ScheduleListAnswer>(page.json.next as string);
  expect(next.json.schedules.map(({ name }) => name)[0]).toBe('list-c');
};

const moves = async (stage: Stage) => {
  await create(stage, 'moved');
  const paused = await stage.post<ScheduleAnswer>(`${PATH}/moved/pause`);
  expect(paused).toMatchObject({ status: 200, json: { name: 'moved', status: 'paused' } });
  const { json } = await stage.ask<ScheduleListAnswer>(`${PATH}?status=paused`);
  expect(json.schedules.map(({ name }) => name)).toContain('moved');
  const again = await stage.post(`${PATH}/moved/pause`);
  expect(again).toMatchObject({ status: 409, json: { code: 'conflict' } });
  const resumed = await stage.post(`${PATH}/moved/resume`);
  expect(resumed).toMatchObject({ status: 200, json: { status: 'active' } });
};

const trigger = async (stage: Stage) => {
  await create(stage, 'triggered', { config: { vacuum: true } });
  const { status, json, headers } = await stage.post<CreatedAnswer>(`${PATH}/triggered/trigger`);
  expect({ status, json }).toMatchObject({ status: 201, json: { created: true } });
  expect(headers.get('location')).toBe(json.poll_url);
  expect(await stage.show(json.job_id)).toMatchObject({
    name: 'triggered',
    config: { vacuum: true },
    actor: 'ops',
    schedule: { name: 'triggered' },
  });
  const wish = { headers: { 'idempotency-key': 'trigger-1' } };
  const path = `${PATH}/triggered/trigger`;
  const first = await stage.post<CreatedAnswer>(path, undefined, wish);
  const second = await stage.post<CreatedAnswer>(path, undefined, wish);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.json.job_id).toBe(first.json.job_id);
};

const deletes = async (stage: Stage) => {
  await create(stage, 'deleted');
  expect((await stage.ask(`${PATH}/deleted`, { method: 'DELETE' })).status).toBe(204);
  const { json } = await stage.ask<ScheduleListAnswer>(`${PATH}?limit=500`);
  expect(json.schedules.map(({ name }) => name)).not.toContain('deleted');
  expect((await create(stage, 'deleted')).status).toBe(201);
};

const refused = async (stage: Stage) => {
  const wrong = { schedule_expression: '61 * * * *', timezone: 'Mars/Base', missed: 'some' };
  const { status, json } = await stage.post(PATH, { name: 'w', job_type: 'nothing', ...wrong });
  expect({ status, code: json.code }).toEqual({ status: 400, code: 'input_invalid' });
  const paths = (json.errors ?? []).map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['missed']));
  const cron = await create(stage, 'w', { schedule_expression: '61 * * * *' });
  expect(cron.status).toBe(400);
  expect(cron.text).toContain('61');
  await create(stage, 'taken');
  expect(await create(stage, 'taken')).toMatchObject({ status: 409 });
  for (const path of [`${PATH}/none`, `${PATH}/none/pause`, `${PATH}/none/trigger`]) {
    const method = path.endsWith('none') ? 'GET' : 'POST';
    expect([path, (await stage.ask(path, { method })).status]).toEqual([path, 404]);
  }
};

export const schedules: Behaviours = {
  'creates a schedule, and shows it by name or id with its next times': whole,
  'lists schedules by name, page by page': list,
  'pauses and resumes a schedule, once each': moves,
  'triggers a schedule, once for one Idempotency-Key': trigger,
  'deletes a schedule, whose name is free then': deletes,
  'refuses a schedule that cannot be, and one that is not there': refused,
};
