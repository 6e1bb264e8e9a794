// Pure: what API Gateway (both versions), a function URL or a load balancer sends, as a Request.
// Not hono/aws-lambda, which is on its way out of hono: to it every event is a request of HTTP, a body of
// GET is a fault, a stage belongs to the path, and a list of forwarders is divided by semicolons.
import { isObject } from '../../src/core/json.ts';
import { shapeOf } from '../../src/core/wake.ts';
import { InputError } from '../../src/errors.ts';
import { baseOf, readable } from '../readable.ts';

type Values = Record<string, string | string[] | null | undefined> | null | undefined;

/** Whatever of it any of them sends. */
export interface HttpEvent {
  rawPath?: string;
  rawQueryString?: string;
  cookies?: string[] | null;
  path?: string;
  httpMethod?: string;
  headers?: Values;
  multiValueHeaders?: Values;
  queryStringParameters?: Values;
  multiValueQueryStringParameters?: Values;
  body?: string | null;
  isBase64Encoded?: boolean;
  requestContext?: {
    stage?: string;
    domainName?: string;
    elb?: object;
    http?: { method?: string; sourceIp?: string };
    identity?: { sourceIp?: string };
  } | null;
}

/** `url`: a function URL or an HTTP API, `rest`: a REST API, `balancer`: a load balancer */
export type Sender = 'url' | 'rest' | 'balancer';

/** Throws an InputError for an event that is none of HTTP. */
export const senderOf = (event: unknown): { event: HttpEvent; sender: Sender } => {
  if (isObject(event)) {
    const known = event as HttpEvent;
    const { requestContext, rawPath, path, httpMethod } = known;
    if (requestContext?.http && rawPath !== undefined) return { event: known, sender: 'url' };
    if (httpMethod !== undefined && path !== undefined) {
      return { event: known, sender: requestContext?.elb ? 'balancer' : 'rest' };
    }
  }
  const message = `${shapeOf(event)}; expected a request of HTTP: from a function URL, API Gateway or a load balancer. Schedules wake the other function.`;
  throw new InputError([{ path: '', message }], 'Event refused');
};

const listed = (values: Values): [name: string, value: string][] =>
  Object.entries(values ?? {}).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );

/** Bytes as Node's own server reads them: each a character. */
const asBytes = (value: string): string =>
  /[^\0-\xff]/.test(value) ? Buffer.from(value).toString('latin1') : value;

const headersOf = ({ headers, multiValueHeaders, cookies }: HttpEvent, sender: Sender): Headers => {
  const read = new Headers();
  for (const [name, value] of listed(multiValueHeaders ?? headers)) {
    read.append(name, asBytes(value));
  }
  if (cookies && cookies.length > 0) read.set('cookie', asBytes(cookies.join('; ')));
  // A REST API sends bytes on as base64 text, unless it was told which types are bytes.
  if (sender === 'rest') read.delete('accept-encoding');
  return read;
};

/** An HTTP API puts the name of its stage first, unless that is `$default`. */
const pathOf = ({ rawPath, path, requestContext }: HttpEvent): string => {
  if (rawPath === undefined) return path ?? '/';
  const prefix = `/${requestContext?.stage ?? '$default'}`;
  return rawPath === prefix || rawPath.startsWith(`${prefix}/`)
    ? rawPath.slice(prefix.length)
    : rawPath;
};

const queryOf = (event: HttpEvent, sender: Sender): string => {
  if (sender === 'url') return event.rawQueryString ?? '';
  const { multiValueQueryStringParameters: several, queryStringParameters: single } = event;
  const pairs = listed(several ?? single);
  // A load balancer leaves them as they were sent; a REST API has decoded them.
  if (sender === 'balancer') return pairs.map((pair) => pair.join('=')).join('&');
  return String(new URLSearchParams(pairs));
};

const urlOf = (event: HttpEvent, sender: Sender, headers: Headers): URL => {
  const url = new URL(baseOf(headers.get('host') ?? event.requestContext?.domainName));
  url.pathname = pathOf(event);
  url.search = queryOf(event, sender);
  return url;
};

const requestOf = (event: HttpEvent, sender: Sender): Request => {
  const { requestContext, httpMethod, body, isBase64Encoded } = event;
  const method = requestContext?.http?.method ?? httpMethod ?? 'GET';
  const headers = headersOf(event, sender);
  const url = urlOf(event, sender, headers);
  if (!body || method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return new Request(url, { method, headers, body: bytes });
};

/**
 * Who called. null where the last of X-Forwarded-For says the same, which the platform has put there: a
 * forwarder told of twice would be counted twice.
 */
const addressOf = ({ requestContext }: HttpEvent, { headers }: Request): string | null => {
  const address = requestContext?.http?.sourceIp ?? requestContext?.identity?.sourceIp ?? null;
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return address === last ? null : address;
};

/** Throws an InputError for a request that no client of HTTP could have sent. */
export const readRequest = (
  event: HttpEvent,
  sender: Sender,
): { request: Request; address: string | null } =>
  readable(() => {
    const request = requestOf(event, sender);
    return { request, address: addressOf(event, request) };
  });
