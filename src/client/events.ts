// A job's events until it is over, over as many connections as it takes.
import type { EventAnswer } from '../http/wire/answers.ts';
import type { Connection, Opened } from './connection.ts';
import { ApiError } from './error.ts';
import { framesOf } from './frames.ts';
import { jobPath } from './paths.ts';
import { pause } from './timers.ts';
import type { EventOptions, JobEnd } from './types.ts';

/** Patience of more than a minute: a server that is replaced is back by then. */
const SENDINGS = 12;

/** Until the API says how long. */
const RECONNECT_MS = 2000;

const parse = <Data>(text: string): Data => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const code = 'answer_invalid';
    throw new ApiError('An event is no JSON.', { status: 200, code, cause });
  }
};

const isGone = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404 && error.code === 'not_found';

/** Those of a job; throws an ApiError when it cannot be reached for long, or there is none. */
export async function* eventsOf(
  connection: Connection,
  job_id: string,
  { after, signal }: EventOptions,
): AsyncGenerator<EventAnswer, JobEnd | null, undefined> {
  let last = after;
  let reconnect_ms = RECONNECT_MS;
  let known = false;
  const open = (): Promise<Opened | null> =>
    connection
      .open({
        method: 'GET',
        path: `${jobPath(job_id)}/stream`,
        headers: {
          accept: 'text/event-stream',
          ...(last !== undefined && { 'last-event-id': String(last) }),
        },
        signal,
        sendings: SENDINGS,
      })
      .catch((error: unknown) => {
        // It was there when this began, and was deleted between two connections.
        if (known && isGone(error)) return null;
        throw error;
      });
  const onRetry = (ms: number) => {
    reconnect_ms = ms;
  };
  for (;;) {
    const opened = await open();
    if (opened === null) return 'deleted';
    known = true;
    try {
      if (opened.response.status === 204) return null;
      for await (const { event: kind, id, data } of framesOf(opened, onRetry)) {
        if (kind === 'end') return parse<{ status: JobEnd }>(data).status;
        if (id === undefined) continue;
        const event = parse<EventAnswer>(data);
        if (last !== undefined && event.event_id <= last) continue;
        last = event.event_id;
        yield event;
      }
    } finally {
      opened.watch.end();
    }
    await pause(connection.timers, reconnect_ms * (1 + Math.random() / 5), signal);
  }
}
