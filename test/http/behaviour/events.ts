// What happens to a job, as it happens.
import { expect } from '@jest/globals';
import type { EventAnswer } from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import { framesOf, readToEnd } from './event_source.ts';
import type { Stage } from './stage.ts';
import { work } from './work.ts';

const told = ({ kind, data }: EventAnswer): string => {
  const { status, name, percent, message } = data as Record<string, unknown>;
  return [kind, name, status, percent, message].filter((word) => word !== undefined).join(' ');
};

const STORY = [
  'status waiting',
  'status locked',
  'step first running',
  'step first success',
  'progress 50 half of it',
  'step second running',
  'step second success',
  'status success',
];

const live = async (stage: Stage) => {
  const { sse_url, job_id } = await stage.create({ run_at: undefined });
  let first: (() => void) | null = null;
  const begun = new Promise<void>((resolve) => {
    first = resolve;
  });
  const read = readToEnd(stage, sse_url, () => first?.());
  await begun;
  await stage.drain(work);
  const frames = await read;
  const end = frames.pop();
  expect(end).toMatchObject({ event: 'end', data: '{"status":"success"}' });
  expect(end?.id).toBeUndefined();
  const events = frames.map(({ data }): EventAnswer => JSON.parse(data));
  // What a job logs is written when there is time for it.
  const logged = events.filter(({ kind }) => kind === 'log');
  expect(logged.map(told)).toEqual(['log two lines\nof a job']);
  expect(events.filter((event) => !logged.includes(event)).map(told)).toEqual(STORY);
  expect(frames.map(({ event, id }) => [event, id])).toEqual(
    events.map(({ kind, event_id }) => [kind, String(event_id)]),
  );
  expect(events.every((event) => event.job_id === job_id)).toBe(true);
};

const resumed = async (stage: Stage) => {
  const { sse_url } = await stage.create({ run_at: undefined });
  await stage.drain(work);
  const all = await readToEnd(stage, sse_url);
  const fifth = all[4]?.id as string;
  const byHeader = await stage.send(sse_url, { headers: { 'last-event-id': fifth } });
  const rest: unknown[] = [];
  for await (const frame of framesOf(byHeader)) rest.push(frame);
  expect(rest).toEqual(all.slice(5));
  expect(await readToEnd(stage, `${sse_url}?after=${fifth}`)).toEqual(rest);
};

const over = async (stage: Stage) => {
  const { sse_url, poll_url } = await stage.create();
  await stage.post(`${poll_url}/cancel`);
  const all = await readToEnd(stage, sse_url);
  expect(all.at(-1)).toMatchObject({ event: 'end', data: '{"status":"cancelled"}' });
  const last = all.at(-2)?.id as string;
  const { status, text } = await stage.ask(sse_url, { headers: { 'last-event-id': last } });
  expect({ status, text }).toEqual({ status: 204, text: '' });
};

const asSentLives = async (stage: Stage) => {
  const { sse_url, poll_url } = await stage.create();
  const { status, headers, body } = await stage.send(sse_url);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/event-stream\b/);
  expect(headers.get('cache-control')).toContain('no-store');
  let text = '';
  const bytes = body[Symbol.asyncIterator]();
  while (!text.includes('event: status')) text += Buffer.from((await bytes.next()).value);
  expect(text).toMatch(/^retry: \d+\n\nevent: status\nid: \d+\ndata: \{.*\}\n\n/);
  await bytes.return?.();
  await stage.post(`${poll_url}/cancel`);
};

const bitByBit = async (stage: Stage) => {
  const { sse_url } = await stage.create({ run_at: undefined });
  const received = await stage.send(sse_url);
  const frames = framesOf(received);
  expect((await frames.next()).value).toMatchObject({ event: 'status' });
  // Nothing but the same answer tells of what the job does meanwhile.
  const heard: string[] = [];
  await stage.drain((ctx) =>
    ctx.step('heard at once', async () => {
      for await (const { data } of { [Symbol.asyncIterator]: () => frames }) {
        heard.push(data);
        if (data.includes('heard at once')) return;
      }
    }),
  );
  expect(heard.at(-1)).toContain('"running"');
};

const refused = async ({ ask, create }: Stage) => {
  expect((await ask('/api/v1/jobs/no-such-job/stream')).status).toBe(404);
  const { sse_url } = await create();
  for (const wish of [{ headers: { 'last-event-id': 'last' } }, {}]) {
    const { status, json } = await ask(`${sse_url}${wish.headers ? '' : '?after=-1'}`, wish);
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'input_invalid' });
  }
  const head = await ask(sse_url, { method: 'HEAD' });
  expect([head.status, head.bytes.length]).toEqual([200, 0]);
};

export const events: Behaviours = {
  'streams what happens to a job, from its creation to its end': live,
  'goes on after the event that a reader saw last': resumed,
  'tells a reader with nothing left to read not to come back': over,
  'sends events as an EventSource reads them, kept by nobody': asSentLives,
  'sends each event while the job runs': bitByBit,
  'refuses a stream of nothing, and a place that is none': refused,
};
