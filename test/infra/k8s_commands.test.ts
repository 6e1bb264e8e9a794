// What the manifests start is started here: their arguments and variables, given to the built program.
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build, commandsIn, type Started } from '../cli/bundle.ts';
import { tempFolder } from '../support/temp.ts';
import { containers, manifest, templateOf } from './manifests.ts';

beforeAll(build);

const folder = tempFolder();

const stillThere: ChildProcess[] = [];
afterAll(() => {
  for (const child of stillThere) child.kill('SIGKILL');
});

const container = (component: string, more: Record<string, string> = {}) => {
  const found = containers.find((each) => each.component === component)!;
  const { args, variables } = found;
  return { ...found, args, commands: commandsIn(folder, { ...variables, ...more }) };
};

/** Seconds until it is gone once it is told to stop. */
const end = async ({ child, ended }: Started): Promise<number> => {
  const before = Date.now();
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
  return (Date.now() - before) / 1000;
};

const graceOf = (component: string): number =>
  templateOf(manifest('Deployment', component)).spec.terminationGracePeriodSeconds ?? 0;

test('the Job makes the tables, then the CronJob drains and says by its exit that all is well', async () => {
  const init = container('init');
  expect(await init.commands.run(...init.args)).toMatchObject({ code: 0, err: '' });
  const { args, commands } = container('drain');
  const id = (await commands.run('create', 'Clean up', 'maintenance')).out.trim();
  const ran = await commands.run(...args);
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(id) });
});

test('workers work until they are told to stop, and are gone within their grace period', async () => {
  const { args, commands } = container('work');
  const started = commands.start(...args);
  stillThere.push(started.child);
  await started.says('Working as');
  expect(await end(started)).toBeLessThan(graceOf('work') / 2);
});

test('the API answers its probes, lets in whoever has a key, and is gone within its grace period', async () => {
  const key = 'a-key-that-is-long-enough';
  // Here the port may be taken.
  const more = { PORT: '0', API_KEYS: `ci:read:${key}` };
  const { args, commands, readinessProbe, livenessProbe } = container('serve', more);
  const started = commands.start(...args);
  stillThere.push(started.child);
  const [url] = /http:\/\/localhost:\d+/.exec(await started.says('Ctrl-C stops.')) ?? [];
  for (const probe of [readinessProbe, livenessProbe]) {
    expect((await fetch(`${url}${probe?.httpGet.path}`)).status).toBe(200);
  }
  const jobs = (headers: Record<string, string>) => fetch(`${url}/api/v1/jobs`, { headers });
  expect((await jobs({})).status).toBe(401);
  expect((await jobs({ 'x-api-key': key })).status).toBe(200);
  expect(await end(started)).toBeLessThan(graceOf('serve') / 3);
});

test('the API does not start without a key', async () => {
  const { args, commands } = container('serve');
  const ran = await commands.run(...args);
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('needs an API key') });
});

test('a pod without its tables fails with the code that the Job does not retry', async () => {
  const { args, commands } = container('drain');
  const nowhere = `sqlite:${tempFolder()}/none.db`;
  const ran = await commands.run(...args, '--database-url', nowhere);
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('cloud-jobs init') });
});
