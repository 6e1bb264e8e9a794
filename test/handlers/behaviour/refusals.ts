// Invocations that fail: what is wrong is not the jobs' fault, and the platform is to know.
import { expect } from '@jest/globals';
import Driver from 'libsql';
import type { Behaviours } from '../behaviour.ts';
import { errorOf, type Host } from '../hosts/host.ts';
import type { Scene } from '../scene.ts';
import { setScene } from '../set_scene.ts';
import { linesOf } from './log.ts';

/** The invocation fails and says `words`, in the answer and as the only line of its log. */
const expectFailure = async (
  host: Host,
  scene: Scene,
  env: Record<string, string>,
  { status, code, words }: { status: number; code: string; words: string[] },
) => {
  await scene.create({ job_type: 'steps', config: { steps: 0 } });
  const instance = await scene.start({ env, time_left_seconds: 2 });
  const reply = await instance.send(host.tick(1).order);
  // Lambda knows only that it was thrown.
  expect(reply.status).toBe(host.status_field === 'status' ? status : 500);
  for (const word of words) expect(errorOf(reply)).toContain(word);
  const { stderr, stdout } = await instance.stop();
  expect(stdout).toBe('');
  const line = linesOf(stderr).at(-1);
  expect(line).toMatchObject({ severity: 'ERROR', event: 'invocation.failed', code });
  expect(line).toMatchObject({ reason: errorOf(reply) });
  expect(await scene.executions()).toEqual([]);
};

const noStore = async (host: Host) => {
  const scene = await setScene(host);
  const DATABASE_URL = 'sqlite:/no/such/folder/jobs.db';
  await expectFailure(
    host,
    scene,
    { DATABASE_URL },
    {
      status: 503,
      code: 'store_unavailable',
      words: ['/no/such/folder/jobs.db'],
    },
  );
};

const wrongSettings = async (host: Host) => {
  const scene = await setScene(host);
  const env = { JOB_MAX_JOBS: 'many', LOG_LEVEL: 'loud' };
  await expectFailure(host, scene, env, {
    status: 500,
    code: 'settings_invalid',
    words: ['JOB_MAX_JOBS', 'a whole number of 1 or more', 'LOG_LEVEL', 'debug, info, warn'],
  });
};

const newerSchema = async (host: Host) => {
  const scene = await setScene(host);
  const driver = new Driver(scene.world.path);
  driver.exec('PRAGMA user_version = 99');
  driver.close();
  await expectFailure(
    host,
    scene,
    {},
    {
      status: 503,
      code: 'schema_newer',
      words: ['update cloud-jobs'],
    },
  );
};

const otherStore = async (host: Host) => {
  const scene = await setScene(host);
  const DATABASE_URL = 'postgres://user:hidden-word@127.0.0.1:1/jobs';
  await expectFailure(
    host,
    scene,
    { DATABASE_URL },
    {
      status: 500,
      code: 'settings_invalid',
      words: ['DATABASE_URL', 'another store than sqlite, for which this function was built'],
    },
  );
};

export const refusals: Behaviours = {
  'fails when its store cannot be reached, and says which': noStore,
  'fails when settings are wrong, and names each': wrongSettings,
  'fails when its tables are newer than it, and says what to run': newerSchema,
  'refuses another store than the one it was built for': otherStore,
};
