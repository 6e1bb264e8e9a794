// Events that clouds really sent, or document: those of a schedule drain, all others run nothing. They lie
// outside of this project; without them these tests are skipped, and the warning says so.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { understand } from '../../handlers/aws/event.ts';
import { understandEvent } from '../../handlers/gcp/event.ts';
import { InputError } from '../../src/errors.ts';
import { root } from '../structure/source.ts';
import { awsHost } from './hosts/aws.ts';
import type { Cloud } from './hosts/functions.ts';
import { gcpHost } from './hosts/gcp.ts';
import type { Order } from './hosts/host.ts';
import { useShipped } from './hosts/shipped.ts';
import type { Scene } from './scene.ts';
import { setScene } from './set_scene.ts';

const functions = useShipped();

const folderOf = (cloud: Cloud) => join(root, '../shared/data', cloud);
const present = existsSync(folderOf('aws')) && existsSync(folderOf('gcp'));
if (!present) console.warn(`skipped: there are no recorded events at ${folderOf('aws')}`);
const describeRecorded = present ? describe : describe.skip;

/** Files that describe others, or what a function is given beside an event. */
const noEvents = /^(manifest|lambda-context|gce__schema_.*)\.json$/;

const listed = (cloud: Cloud): string[] =>
  present
    ? readdirSync(folderOf(cloud)).filter((file) => file.endsWith('.json') && !noEvents.test(file))
    : [];

const read = (cloud: Cloud, file: string): unknown =>
  JSON.parse(readFileSync(join(folderOf(cloud), file), 'utf8'));

const schedules: Record<Cloud, RegExp> = {
  aws: /^(sam__cloudwatch__ScheduledEvent|scheduler__default-payload.*|eventbridge__scheduled.*)\.json$/,
  // Cloud Scheduler wakes functions by messages, too.
  gcp: /pubsub/,
};

describeRecorded('the sources', () => {
  test.each(listed('aws'))('%s', (file) => {
    const read_it = () => understand(read('aws', file), 'request-1');
    if (schedules.aws.test(file)) expect(read_it().source).toMatch(/^aws\.(events|scheduler)$/);
    else expect(read_it).toThrow(InputError);
  });

  test.each(listed('gcp').filter((file) => file.includes('-cloudevent-')))('%s', (file) => {
    const read_it = () => understandEvent(read('gcp', file));
    if (schedules.gcp.test(file)) expect(read_it()).toMatchObject({ source: 'gcp.pubsub' });
    else expect(read_it).toThrow(InputError);
  });
});

/** Those of HTTP; of one, whose fields were never filled in, the method is none. */
const requests = /(alb|apigw|apiGateway|api-gateway|lambdaFunctionUrl|^sx__)/i;
const unreadable = 'sam__alb__ALBRequest.json';

/** Sends each file while one job is due, and answers which ones had it executed. */
const drainsOf = async (
  scene: Scene,
  send: (order: Order) => Promise<unknown>,
  orders: [file: string, order: Order][],
): Promise<string[]> => {
  const drained: string[] = [];
  for (const [file, order] of orders) {
    const [jobId] = await scene.create({ job_type: 'maintenance' });
    await send(order);
    const { job } = await scene.detail(jobId!);
    if (job.status === 'success') drained.push(file);
    else await scene.store.moveJob(jobId!, 'cancel');
  }
  return drained;
};

const hosts = {
  aws: awsHost('Lambda', functions),
  gcp: gcpHost('Cloud Functions', functions, 'drainEvent'),
};

const ofFile = (cloud: Cloud, file: string): Order => {
  const body = read(cloud, file);
  const structured = { 'content-type': 'application/cloudevents+json' };
  return { body, ...(file.includes('-cloudevent-') && { headers: structured }) };
};

/** What the API says to it: of all these paths only that of the dashboard is one of its own. */
const statusFor = (name: string): number => {
  if (name === unreadable) return 400;
  const { rawPath, path } = read('aws', name) as { rawPath?: string; path?: string };
  return (rawPath ?? path) === '/' ? 200 : 404;
};

describeRecorded('the shipped API of aws', () => {
  test('answers every request, and takes nothing else for one', async () => {
    const scene = await setScene(hosts.aws);
    const file = join(root, 'dist/functions/aws/sqlite/http.cjs');
    const env = { API_KEYS: 'ops:write:a-key-of-twenty-characters' };
    const instance = await scene.start({ file, env });
    const answers: unknown[] = [];
    for (const name of listed('aws')) {
      const { body } = await instance.send({ body: read('aws', name) });
      const { statusCode, errorType } = body as { statusCode?: number; errorType?: string };
      answers.push([name, statusCode ?? errorType]);
    }
    const isRequest = (name: string) => requests.test(name) && !name.includes('-response');
    expect(answers).toEqual(
      listed('aws').map((name) => [name, isRequest(name) ? statusFor(name) : 'InputError']),
    );
    await instance.stop();
  });
});

describeRecorded('the shipped function', () => {
  test.each(['aws', 'gcp'] as const)('of %s drains for its schedules alone', async (cloud) => {
    const scene = await setScene(hosts[cloud]);
    const instance = await scene.start();
    const files = listed(cloud);
    const orders = files.map((file): [string, Order] => [file, ofFile(cloud, file)]);
    const drained = await drainsOf(scene, instance.send, orders);
    expect(drained).toEqual(files.filter((file) => schedules[cloud].test(file)));
    expect(drained.length).toBeGreaterThan(0);
    await instance.stop();
  });
});
