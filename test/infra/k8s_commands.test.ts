// What the manifests start is started here: their arguments and variables, given to the built program.
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build, commandsIn } from '../cli/bundle.ts';
import { tempFolder } from '../support/temp.ts';
import { containers, manifest, templateOf } from './manifests.ts';

beforeAll(build);

const folder = tempFolder();

let stillThere: ChildProcess | undefined;
afterAll(() => void stillThere?.kill('SIGKILL'));

const container = (kind: string) => {
  const { args, variables } = containers.find((each) => each.kind === kind)!;
  return { args, commands: commandsIn(folder, variables) };
};

test('the Job makes the tables, then the CronJob drains and says by its exit that all is well', async () => {
  const init = container('Job');
  expect(await init.commands.run(...init.args)).toMatchObject({ code: 0, err: '' });
  const { args, commands } = container('CronJob');
  const id = (await commands.run('create', 'Clean up', 'maintenance')).out.trim();
  const ran = await commands.run(...args);
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(id) });
});

test('the Deployment works until it is told to stop, and is gone within its grace period', async () => {
  const { args, commands } = container('Deployment');
  const { child, ended, says } = commands.start(...args);
  stillThere = child;
  await says('Working as');
  const before = Date.now();
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
  const grace = templateOf(manifest('Deployment')).spec.terminationGracePeriodSeconds ?? 0;
  expect((Date.now() - before) / 1000).toBeLessThan(grace / 2);
});

test('a pod without its tables fails with the code that the Job does not retry', async () => {
  const { args, commands } = container('CronJob');
  const nowhere = `sqlite:${tempFolder()}/none.db`;
  const ran = await commands.run(...args, '--database-url', nowhere);
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('cloud-jobs init') });
});
