// A process that calls a Lambda function as its runtime does: `node aws_child.mjs FILE`. Events come by
// HTTP, with the headers that the Runtime API has; the context is shaped as recorded of a real one.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { announce } from '../../crash/announce.ts';

const file = process.argv[2] as string;
const time_left_ms = Number(process.env.TIME_LEFT_MS ?? 60_000);
const { handler } = (await import(pathToFileURL(file).href)) as {
  handler: (event: unknown, context: object) => Promise<unknown>;
};

const contextOf = ({ headers }: IncomingMessage) => {
  const deadline = Date.now() + time_left_ms;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: 'jobRunner',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/jobRunner',
    logStreamName: '2031/05/17/[$LATEST]0123456789abcdef',
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:jobRunner',
    awsRequestId: headers['lambda-runtime-aws-request-id'] ?? 'request-0',
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
};

const invoke = async (request: IncomingMessage): Promise<[status: number, body: unknown]> => {
  const trace = request.headers['lambda-runtime-trace-id'];
  if (typeof trace === 'string') process.env._X_AMZN_TRACE_ID = trace;
  const event = await json(request);
  try {
    return [200, await handler(event, contextOf(request))];
  } catch (thrown) {
    const { name, message } = thrown as Error;
    return [500, { errorType: name, errorMessage: message }];
  }
};

const server = createServer((request, response) => {
  void invoke(request).then(([status, body]) => {
    response.writeHead(status).end(JSON.stringify(body));
  });
});
// As a function that an extension stands beside is told of its end.
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  announce({ said: 'listening', port: (server.address() as AddressInfo).port });
});
