// An answer as a Lambda function streams it: status and headers as JSON, eight zero bytes, the body.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import { sendBody } from '../send_body.ts';

/** An event stream ends in order before Lambda ends the function: its reader comes back. */
const MARGIN_MS = 2000;

/** Resolves when all is written, or the reader is gone, or the invocation is nearly over. */
export const sendStream = async (
  response: Response,
  sink: Writable,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<void> => {
  const head = { statusCode: response.status, headers: Object.fromEntries(response.headers) };
  const stream = awslambda.HttpResponseStream.from(sink, head);
  // The head goes out with the first write, of which an answer without a body has none.
  stream.write('');
  if (response.body === null) {
    stream.end();
    return;
  }
  const over = new AbortController();
  const left_ms = Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS);
  const timer = setTimeout(() => over.abort(), left_ms);
  try {
    await sendBody(response.body, stream, over.signal);
  } finally {
    clearTimeout(timer);
  }
};
