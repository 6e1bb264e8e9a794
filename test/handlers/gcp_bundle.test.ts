// The behaviour of the Cloud Function for HTTP, as it is bundled.
import { expect, test } from '@jest/globals';
import { behavesOn } from './behaviour.ts';
import { gcpHost } from './hosts/gcp.ts';
import { useFunctions } from './hosts/use_functions.ts';
import { until } from './scene.ts';
import { setScene } from './set_scene.ts';

const host = gcpHost('Cloud Functions, as bundled', useFunctions('bundle', ['gcp']));

behavesOn(host);

test('a function whose caller hangs up stops its job, keeps its steps, and goes on living', async () => {
  const scene = await setScene(host);
  const [jobId] = await scene.create({ job_type: 'pauses' });
  const instance = await scene.start();
  const caller = new AbortController();
  const { order } = host.tick(1);
  const reply = instance.send({ ...order, signal: caller.signal });
  const hungUp = expect(reply).rejects.toMatchObject({ name: 'AbortError' });
  await instance.hears(({ said }) => said === 'pausing');
  caller.abort();
  await hungUp;
  await until(async () => {
    const [execution] = (await scene.detail(jobId!)).executions;
    return execution?.status === 'yielded' ? execution : undefined;
  });
  expect((await instance.send(host.tick(2).order)).body).toMatchObject({
    outcomes: { success: 1 },
  });
  expect(scene.violations()).toEqual([]);
  expect((await scene.detail(jobId!)).job.current_retries).toBe(0);
  await instance.stop();
});
