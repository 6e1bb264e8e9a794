// From the environment of a process to the message: who is told, what is kept from them, and that
// nothing is counted where nobody is.
import { describe, expect, test } from '@jest/globals';
import Driver from 'libsql';
import { commandLine } from '../cli/command_line.ts';
import { databaseEnv, demo, runnerWith } from '../support/runner.ts';
import { tempFile } from '../support/temp.ts';
import { receiver, TOKEN } from './receiver.ts';

const SECRET = 'open-sesame-42';

/** A process of its own file whose jobs fail with `error`, after as many of them as `count` says. */
const failing = async (env: Record<string, string>, count: number, error = 'no answer') => {
  const path = tempFile();
  const type = demo(() => {
    throw new Error(error);
  });
  const all = { ...databaseEnv(`sqlite:${path}`), ...env };
  const runner = await runnerWith(all, { jobs: [type], init: true });
  for (let i = 0; i < count; i += 1) {
    await runner.create({ name: 'nightly', job_type: 'demo', max_retries: 0 });
  }
  expect((await runner.drain()).outcomes).toEqual({ failed: count });
  const database = new Driver(path, { readonly: true });
  const streaks = database
    .prepare('SELECT subject, failures, told_at FROM cloud_job_streaks')
    .all();
  database.close();
  return streaks;
};

describe('ALERT_WEBHOOK_URL', () => {
  test('is told of three failures in a row, and the store knows that it was', async () => {
    const { url, received } = await receiver();
    const streaks = await failing({ ALERT_WEBHOOK_URL: url }, 3);
    expect(received).toMatchObject([{ message: { event: 'job.failing', failures: 3 } }]);
    expect(streaks).toMatchObject([
      { subject: 'type:demo', failures: 3, told_at: expect.any(String) },
    ]);
  });

  test('is told of each schedule by itself, and not of its type', async () => {
    const { url, received } = await receiver();
    const type = demo(({ config }) => {
      if (config.fail) throw new Error('no answer');
    });
    const env = { ...databaseEnv(`sqlite:${tempFile()}`), ALERT_WEBHOOK_URL: url };
    const runner = await runnerWith(env, { jobs: [type], init: true });
    const rule = { job_type: 'demo', schedule_expression: '0 0 29 2 *', max_retries: 0 };
    const bad = await runner.schedules.create({ ...rule, name: 'bad', config: { fail: true } });
    await runner.schedules.create({ ...rule, name: 'good' });
    for (const _ of [1, 2, 3]) {
      for (const name of ['bad', 'good']) await runner.schedules.trigger(name);
      await runner.drain();
    }
    const { schedule_id } = bad;
    expect(received).toMatchObject([{ message: { name: 'bad', schedule_id, failures: 3 } }]);
    expect(received[0]!.message.text).toMatch(/^Schedule "bad" failed 3 times in a row since /);
  });

  test('is told of as many as ALERT_AFTER says', async () => {
    const { url, received } = await receiver();
    await failing({ ALERT_WEBHOOK_URL: url, ALERT_AFTER: '2' }, 4);
    expect(received).toMatchObject([{ message: { failures: 2 } }]);
  });

  test('when it is not set, nothing is counted', async () => {
    expect(await failing({ ALERT_AFTER: '1' }, 4)).toEqual([]);
  });

  test('gets no secret of this process, whatever an error says', async () => {
    const { url, received } = await receiver();
    const env = { ALERT_WEBHOOK_URL: url, HTTP_REQUEST_SECRETS: 'KEY', KEY: SECRET };
    const base64 = Buffer.from(SECRET).toString('base64');
    await failing(env, 3, `no ${SECRET}, no ${base64} for ${url}`);
    expect(received).toMatchObject([{ message: { error_message: 'no ***, no *** for ***' } }]);
  });

  test('is shown by no doctor, and hears nothing of the job that doctor sends through', async () => {
    const { url, received } = await receiver();
    const cli = await commandLine();
    const { code, out, err } = await cli.runWith({ env: { ALERT_WEBHOOK_URL: url } }, 'doctor');
    expect(code).toBe(0);
    expect(out).toContain('alert_webhook_url=*** (ALERT_WEBHOOK_URL in the environment)');
    expect(out + err).not.toContain(TOKEN);
    expect(received).toHaveLength(0);
  });

  test('that does not hear stays a secret in the log', async () => {
    const { url, host } = await receiver((response) => response.writeHead(404).end());
    const cli = await commandLine();
    for (let i = 0; i < 3; i += 1) await cli.run('create', 'nightly', 'fail');
    const { code, out, err } = await cli.runWith({ env: { ALERT_WEBHOOK_URL: url } }, 'run');
    expect(code).toBe(1);
    expect(err).toContain(`${host} answered 404`);
    expect(out + err).not.toContain(TOKEN);
  });
});
