// The folder that Google's builder gets: it knows one file of it, whichever function is meant.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../structure/source.ts';
import { tempFolder } from '../support/temp.ts';
import { framework } from './hosts/gcp.ts';
import { serve } from './hosts/process.ts';
import { useShipped } from './hosts/shipped.ts';

const functions = useShipped();
const folder = join(root, 'dist/functions/gcp/sqlite');

test.each([
  ['drain', 'http', 'POST request of somebody else'],
  ['drainEvent', 'cloudevent', 'Event refused'],
  ['api', 'http', '"code":"no_route"'],
])('opens the function %s', async (target, signature, words) => {
  const cwd = tempFolder();
  const env = {
    FUNCTION_TARGET: target,
    FUNCTION_SIGNATURE_TYPE: signature,
    DATABASE_URL: `sqlite:${join(cwd, 'jobs.db')}`,
  };
  const program = ['--import', functions().loopback, framework, `--source=${folder}`];
  const instance = await serve(program, { cwd, env });
  const { body } = await instance.send({ path: '/nowhere', body: { hello: 'world' } });
  const { stderr } = await instance.stop();
  expect(JSON.stringify(body) + stderr).toContain(words);
});
