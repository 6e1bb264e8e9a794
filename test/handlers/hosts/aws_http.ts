// A process that calls the API's Lambda function as its senders do: `node aws_http.mjs FILE url|rest`. What
// comes by HTTP becomes an event; what the function answers becomes HTTP again.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { announce } from '../../crash/announce.ts';
import { isStreamed, streamingRuntime } from './aws_streaming.ts';

type Call<Sink extends unknown[]> = (event: object, ...rest: [...Sink, object]) => Promise<unknown>;

interface Result {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

const CALLER = '203.0.113.9';
const [, , file = '', sender] = process.argv;

const runtime = streamingRuntime();
Object.assign(globalThis, { awslambda: runtime });
const { handler, stream } = (await import(pathToFileURL(file).href)) as {
  handler: Call<[]>;
  stream: Call<[Writable]>;
};
if (!isStreamed(stream) || isStreamed(handler)) throw new Error('the runtime was told otherwise');

const contextOf = (number: number) => {
  const deadline = Date.now() + Number(process.env.TIME_LEFT_MS ?? 60_000);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'api',
    memoryLimitInMB: '512',
    awsRequestId: `request-${number}`,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
};

/** Of headers with several values, those of Node are lists already, or joined. */
const headersOf = ({ headers }: IncomingMessage): Record<string, string> => {
  const forwarded = [headers['x-forwarded-for'] ?? [], CALLER].flat().join(', ');
  const own = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(own), 'x-forwarded-for': forwarded };
};

const bodyOf = (bytes: Buffer, encoded: boolean) => ({
  body: bytes.length === 0 ? null : bytes.toString(encoded ? 'base64' : 'utf8'),
  isBase64Encoded: encoded,
});

const urlEvent = (request: IncomingMessage, bytes: Buffer): object => {
  const { method, url = '' } = request;
  const [rawPath = '', rawQueryString = ''] = url.split(/\?(.*)/s);
  const http = { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: CALLER };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: headersOf(request),
    requestContext: { stage: '$default', domainName: 'abc.lambda-url.example', http },
    // What says that it is text comes as text, all else as base64.
    ...bodyOf(bytes, !/json|^text\//.test(request.headers['content-type'] ?? '')),
  };
};

const restEvent = (request: IncomingMessage, bytes: Buffer): object => {
  const url = new URL(request.url ?? '', 'http://api.example');
  const names = [...new Set(url.searchParams.keys())];
  const values = names.map((name) => [name, url.searchParams.getAll(name)]);
  const headers = headersOf(request);
  const lists = Object.entries(headers).map(([name, value]) => [name, [value]]);
  return {
    resource: '/{proxy+}',
    path: decodeURIComponent(url.pathname),
    httpMethod: request.method,
    headers,
    multiValueHeaders: Object.fromEntries(lists),
    queryStringParameters: names.length === 0 ? null : Object.fromEntries(url.searchParams),
    multiValueQueryStringParameters: names.length === 0 ? null : Object.fromEntries(values),
    requestContext: { stage: 'dev', identity: { sourceIp: CALLER } },
    ...bodyOf(bytes, false),
  };
};

const SEPARATOR = Buffer.alloc(8);

/** The head up to eight zero bytes, and then the body as it comes. */
const passOn = (answer: ServerResponse): Writable => {
  const sink = new PassThrough();
  let head: Buffer | null = Buffer.alloc(0);
  sink.on('data', (chunk: Buffer) => {
    if (head === null) {
      answer.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(SEPARATOR);
    if (end < 0) return;
    const { statusCode, headers } = JSON.parse(head.subarray(0, end).toString()) as Result;
    const rest = head.subarray(end + SEPARATOR.length);
    head = null;
    answer.writeHead(statusCode, headers);
    answer.flushHeaders();
    if (rest.length > 0) answer.write(rest);
  });
  sink.once('end', () => answer.end());
  return sink;
};

const answers = {
  url: async (request: IncomingMessage, bytes: Buffer, answer: ServerResponse, context: object) => {
    await stream(urlEvent(request, bytes), runtime.prepare(passOn(answer)), context);
  },
  rest: async (
    request: IncomingMessage,
    bytes: Buffer,
    answer: ServerResponse,
    context: object,
  ) => {
    const { statusCode, headers, body } = (await handler(
      restEvent(request, bytes),
      context,
    )) as Result;
    // Nobody has told this one which types are bytes: base64 stays base64.
    answer.writeHead(statusCode, headers).end(body);
  },
};

let count = 0;
const server = createServer((request, answer) => {
  count += 1;
  const context = contextOf(count);
  void buffer(request)
    .then((bytes) => answers[sender === 'url' ? 'url' : 'rest'](request, bytes, answer, context))
    .catch((error: Error) => {
      // As the platform tells of a function that threw.
      if (!answer.headersSent) answer.writeHead(502);
      answer.end(`${error.name}: ${error.message}`);
    });
});
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  announce({ said: 'listening', port: (server.address() as AddressInfo).port });
});
