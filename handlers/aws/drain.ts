// AWS Lambda: an EventBridge schedule, or `serverless invoke local`, wakes one drain.
import type { Context } from 'aws-lambda';
import { type Answer, invoke, warmUp } from '../../src/invocation.ts';
import { readPlatform } from '../../src/settings/platform.ts';
import { ownJobs } from '../own_jobs.ts';
import { understand } from './event.ts';
import { logFields } from './log_fields.ts';

void warmUp(ownJobs);

/** Throws when the event is none of ours or the store is out of reach: then Lambda may try again. */
export const handler = async (
  event: unknown,
  context: Context,
): Promise<{ statusCode: 200 } & Answer> => {
  const request_id = context.awsRequestId;
  const answer = await invoke(
    {
      understand: () => understand(event, request_id),
      time_left_ms: context.getRemainingTimeInMillis(),
      least_seconds: null,
      fields: logFields(request_id, readPlatform().xray_trace),
    },
    ownJobs,
  );
  return { statusCode: 200, ...answer };
};
