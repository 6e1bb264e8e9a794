// Pure: an answer as a Lambda function returns it whole, to whichever of its callers.
import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { RequestError } from '../../src/errors.ts';
import { problemOf } from '../../src/http/problem.ts';
import type { HttpEvent, Sender } from './request.ts';

export interface Whole {
  statusCode: number;
  statusDescription?: string;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  body: string;
  isBase64Encoded: boolean;
}

/** Bytes of a result, of which neither passes on more. */
const LAMBDA_MOST = 6_291_556;
const BALANCER_MOST = 1024 * 1024;

const headersFor = (
  response: Response,
  event: HttpEvent,
): Pick<Whole, 'headers' | 'multiValueHeaders'> => {
  const headers = Object.fromEntries(response.headers);
  // A load balancer takes the kind of headers that it sends, and no other.
  if (event.headers != null || event.multiValueHeaders == null) return { headers };
  const entries = Object.entries(headers).map(([name, value]) => [name, [value]]);
  return { multiValueHeaders: Object.fromEntries(entries) };
};

const resultOf = async (response: Response, event: HttpEvent, sender: Sender): Promise<Whole> => {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isText = isUtf8(bytes);
  const { status } = response;
  return {
    statusCode: status,
    ...(sender === 'balancer' && { statusDescription: `${status} ${STATUS_CODES[status]}` }),
    ...headersFor(response, event),
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
};

/** A problem instead of an answer that would not arrive. */
export const toResult = async (
  response: Response,
  event: HttpEvent,
  sender: Sender,
): Promise<Whole> => {
  const result = await resultOf(response, event, sender);
  const most = sender === 'balancer' ? BALANCER_MOST : LAMBDA_MOST;
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes <= most) return result;
  const message = `The answer has ${bytes} bytes, and AWS passes on ${most}; ask for less, for instance by \`limit\`.`;
  return resultOf(problemOf(new RequestError('too_large', message), ''), event, sender);
};
