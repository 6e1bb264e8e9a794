// What a function writes: JSON lines with what its platform wants to find in them.
import { expect } from '@jest/globals';
import type { Behaviours } from '../behaviour.ts';
import type { Host } from '../hosts/host.ts';
import { setScene } from '../set_scene.ts';

export type LogLine = Record<string, unknown>;

/** Throws for a line that is no JSON. */
export const linesOf = (stderr: string): LogLine[] =>
  stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const logs = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'talks', priority: 10 });
  await scene.create({ job_type: 'fails', max_retries: 0 });
  const { headers, env, fields } = host.traced;
  const instance = await scene.start({ env });
  const { order } = host.tick(1);
  await instance.send({ ...order, headers: { ...order.headers, ...headers } });
  const { stderr, stdout } = await instance.stop();
  expect(stdout).toBe('');
  const lines = linesOf(stderr);
  const always = { ...fields, message: expect.any(String), time: expect.any(String) };
  expect(lines).toMatchObject([
    { ...always, severity: 'INFO', event: 'job.picked' },
    { ...always, severity: 'WARNING', event: 'job.log', fields: { half: 0.5 } },
    { ...always, severity: 'INFO', event: 'job.recorded', status: 'success' },
    { ...always, severity: 'INFO', event: 'job.picked' },
    { ...always, severity: 'ERROR', event: 'job.recorded', error_message: 'it broke' },
  ]);
  expect(lines[1]).toMatchObject({ message: 'two lines\nof a job' });
  if (host.status_field === 'statusCode') {
    const levels = lines.map(({ level }) => level);
    expect(levels).toEqual(['INFO', 'WARN', 'INFO', 'INFO', 'ERROR']);
    expect(lines.map(({ timestamp }) => timestamp)).toEqual(lines.map(({ time }) => time));
  }
};

const levels = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'talks' });
  const quiet = await scene.start({ env: { LOG_LEVEL: 'error' } });
  await quiet.send(host.tick(1).order);
  expect((await quiet.stop()).stderr).toBe('');
  await scene.create({ job_type: 'talks' });
  const talkative = await scene.start({ env: { LOG_LEVEL: 'debug' } });
  await talkative.send(host.tick(2).order);
  const events = linesOf((await talkative.stop()).stderr).map(({ event }) => event);
  expect(events).toEqual([
    'drain.started',
    'job.picked',
    'job.log',
    'job.log',
    'job.recorded',
    'drain.stopped',
  ]);
};

export const log: Behaviours = {
  'logs one JSON object a line, with severity, message and trace': logs,
  'logs as much as LOG_LEVEL asks for': levels,
};
