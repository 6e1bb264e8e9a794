// AWS Lambda: a process that calls the function's file as the runtime does.
import type { Functions } from './functions.ts';
import type { Host } from './host.ts';
import { serve } from './process.ts';

const trace = '1-5bef4de7-ad49b0e87f6ef6c87fc2e700';

/** An event of an EventBridge rule. */
export const ruleEvent = (id: string) => ({
  version: '0',
  id,
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2031-05-17T09:30:00Z',
  region: 'eu-central-1',
  resources: ['arn:aws:events:eu-central-1:123456789012:rule/every-five-minutes'],
  detail: {},
});

export const awsHost = (name: string, functions: () => Functions): Host => ({
  name,
  status_field: 'statusCode',

  start: ({ time_left_seconds = 60, env, file = functions().file.aws, ...options }) => {
    const TIME_LEFT_MS = String(time_left_seconds * 1000);
    return serve([functions().aws_child, file], { ...options, env: { ...env, TIME_LEFT_MS } });
  },
  tick: (number) => ({
    order: { body: ruleEvent(`event-${number}`) },
    trigger: `aws.events:event-${number}`,
  }),
  input: (fields) => ({ body: fields }),
  stranger: { body: { Records: [{ eventSource: 'aws:sqs', body: '{"cloud_jobs": "drain"}' }] } },
  traced: {
    headers: {
      'lambda-runtime-aws-request-id': 'request-7',
      'lambda-runtime-trace-id': `Root=${trace};Parent=9a9197af755a6419;Sampled=1`,
    },
    env: {},
    fields: { requestId: 'request-7', trace_id: trace },
  },
  ends: { code: 0, signal: null },
});
