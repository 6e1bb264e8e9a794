// A function in a process of its own that takes calls by HTTP, whatever its cloud.
import { type Launched, launch } from '../../crash/launch.ts';
import type { Instance, Order, Reply, StartOptions } from './host.ts';

const read = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Rejects when the process dies before it answers. */
const call = async (
  port: number,
  { method = 'POST', path = '/', headers, body, signal }: Order,
): Promise<Reply> => {
  const asJson = body !== undefined && typeof body !== 'string';
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    signal: signal ?? null,
    headers: { ...(asJson && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && {
      body: new TextEncoder().encode(asJson ? JSON.stringify(body) : (body as string)),
    }),
  });
  return { status: answer.status, body: read(await answer.text()) };
};

/** Runs node with these words, and answers once the process says that it listens. */
export const serve = async (
  words: string[],
  { cwd, env, flags = [] }: Pick<StartOptions, 'cwd' | 'env' | 'flags'>,
): Promise<Instance & { port: number }> => {
  const launched: Launched = launch([...flags, ...words], { cwd, env });
  const port = Number((await launched.hears(({ said }) => said === 'listening')).port);
  return {
    ...launched,
    port,
    send: (order) => call(port, order),
    stop: () => {
      launched.kill('SIGTERM');
      return launched.ended;
    },
  };
};
