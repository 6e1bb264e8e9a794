// AWS Lambda: the HTTP API behind a function URL, API Gateway or a load balancer.
import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import { type ApiCall, createApiInstance } from '../../src/api_instance.ts';
import { readPlatform } from '../../src/settings/platform.ts';
import { ownJobs } from '../own_jobs.ts';
import { logFields } from './log_fields.ts';
import { type HttpEvent, readRequest, type Sender, senderOf } from './request.ts';
import { toResult, type Whole } from './response.ts';
import { sendStream } from './send_stream.ts';

const api = createApiInstance(ownJobs);

const callOf = (
  event: HttpEvent,
  sender: Sender,
  { awsRequestId }: Context,
  streams: boolean,
): ApiCall => ({
  read: () => {
    const { request, address } = readRequest(event, sender);
    return { request, peer: { address, streams } };
  },
  fields: logFields(awsRequestId, readPlatform().xray_trace),
});

/** Answers whole. Throws an InputError for an event that is none of HTTP. */
export const handler = async (given: unknown, context: Context): Promise<Whole> => {
  const { event, sender } = senderOf(given);
  const call = callOf(event, sender, context, false);
  return api.answer(call, (response) => toResult(response, event, sender));
};

const streamed = async (given: unknown, sink: Writable, context: Context): Promise<void> => {
  // Else the next request waits until no connection to the store is open.
  context.callbackWaitsForEmptyEventLoop = false;
  const { event, sender } = senderOf(given);
  const call = callOf(event, sender, context, true);
  await api.answer(call, (response) => sendStream(response, sink, context));
};

// Outside of Lambda there may be one without its ways to stream: Amazon's own client makes it.
const runtime = (globalThis as { awslambda?: Partial<typeof awslambda> }).awslambda;

/** Answers bit by bit; for a function URL of the mode RESPONSE_STREAM. By `invoke local`, as `handler`. */
export const stream: unknown = runtime?.streamifyResponse?.(streamed) ?? handler;
