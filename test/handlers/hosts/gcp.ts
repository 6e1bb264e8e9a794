// Google Cloud Functions: the real functions framework in a process of its own, asked by HTTP.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Functions } from './functions.ts';
import type { Host } from './host.ts';
import { serve } from './process.ts';

const require = createRequire(import.meta.url);
export const framework = join(
  dirname(require.resolve('@google-cloud/functions-framework')),
  'main.js',
);

const trace = '0af7651916cd43dd8448eb211c80319c';
const signatures = { drain: 'http', drainEvent: 'cloudevent' } as const;

/** The framework's command line for one function of a file. */
export const frameworkWords = (file: string, target: string, signature: string): string[] => [
  framework,
  `--source=${file}`,
  `--target=${target}`,
  `--signature-type=${signature}`,
];

/** The headers that Cloud Scheduler sends, for a body for which no Content-Type is set. */
export const schedulerHeaders = (time: string) => ({
  'content-type': 'application/octet-stream',
  'user-agent': 'Google-Cloud-Scheduler',
  'x-cloudscheduler': 'true',
  'x-cloudscheduler-jobname': 'job-runner',
  'x-cloudscheduler-scheduletime': time,
});

const timeOf = (number: number) => new Date(Date.UTC(2031, 4, 17, 9, number)).toISOString();

/** `target` is one of the two functions that the file registers. */
export const gcpHost = (
  name: string,
  functions: () => Functions,
  target: keyof typeof signatures = 'drain',
): Host => ({
  name,
  status_field: 'status',
  start: ({ time_left_seconds = 60, env, file = functions().file.gcp, flags = [], ...options }) => {
    const words = frameworkWords(file, target, signatures[target]);
    const CLOUD_RUN_TIMEOUT_SECONDS = String(time_left_seconds);
    return serve(words, {
      ...options,
      flags: [...flags, '--import', functions().loopback],
      env: { NODE_ENV: 'production', CLOUD_RUN_TIMEOUT_SECONDS, ...env },
    });
  },
  tick: (number) => ({
    order: { headers: schedulerHeaders(timeOf(number)), body: 'tick' },
    trigger: `gcp.scheduler:job-runner@${timeOf(number)}`,
  }),
  input: (fields) => ({ body: fields }),
  stranger: { body: { hello: 'world' } },
  traced: {
    headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` },
    env: { GOOGLE_CLOUD_PROJECT: 'my-project' },
    fields: {
      'logging.googleapis.com/trace': `projects/my-project/traces/${trace}`,
      'logging.googleapis.com/spanId': 'b7ad6b7169203331',
    },
  },
  ends: { code: 0, signal: null },
});
