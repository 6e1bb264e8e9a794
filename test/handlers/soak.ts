// The part of `npm run soak` for cloud functions: a job that takes longer than its function may run.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { awsHost } from './hosts/aws.ts';
import { makeFunctions } from './hosts/functions.ts';
import { gcpHost } from './hosts/gcp.ts';
import type { Host } from './hosts/host.ts';
import { createScene } from './scene.ts';

type Part = (
  name: string,
  work: () => Promise<{ figures: string; faults: string[] }>,
) => Promise<void>;

const STEPS = 40;
const STEP_MS = 1000;
const FUNCTION_SECONDS = 10;
/** More than that and it does not get on. */
const MOST_INVOCATIONS = 20;

const longJob = async (host: Host, parent: string) => {
  const scene = await createScene(host, mkdtempSync(join(parent, 'function-')));
  const config = { steps: STEPS, step_ms: STEP_MS };
  const [jobId] = await scene.create({ job_type: 'paced', config });
  const instance = await scene.start({ time_left_seconds: FUNCTION_SECONDS });
  const invocationSeconds: number[] = [];
  const waits = async () => (await scene.detail(jobId as string)).job.status === 'waiting';
  while ((await waits()) && invocationSeconds.length < MOST_INVOCATIONS) {
    const began = performance.now();
    await instance.send(host.tick(invocationSeconds.length).order);
    invocationSeconds.push((performance.now() - began) / 1000);
  }
  await instance.stop();
  const faults = scene.violations();
  const longest = Math.max(...invocationSeconds);
  if (longest > FUNCTION_SECONDS) faults.push(`an invocation took ${longest.toFixed(1)} s`);
  const { current_retries } = (await scene.detail(jobId as string)).job;
  if (current_retries > 0) faults.push(`${current_retries} retries were used`);
  const steps = scene.effects().filter((what) => what.startsWith('step-'));
  if (steps.length !== STEPS) faults.push(`${steps.length} steps were run`);
  await scene.close();
  const figures = `${STEPS} steps of ${STEP_MS / 1000} s in ${invocationSeconds.length} invocations of at most ${longest.toFixed(1)} s`;
  return { figures, faults };
};

/** Makes and ends what it needs; `folder` is for what the parts leave behind. */
export const functionParts = async (part: Part, folder: string): Promise<void> => {
  const functions = await makeFunctions('bundle', ['aws', 'gcp']);
  const hosts = [awsHost('Lambda', () => functions), gcpHost('Cloud Functions', () => functions)];
  try {
    for (const host of hosts) {
      const name = `a job longer than ${FUNCTION_SECONDS} s on ${host.name}`;
      await part(name, () => longJob(host, folder));
    }
  } finally {
    functions.remove();
  }
};
