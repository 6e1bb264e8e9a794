// A job in a SQLite store and a reader of its stream: by a clock that stands still, with every call
// of the store counted.
import { createParser } from 'eventsource-parser';
import type { JobEvent, Pick as Picked } from '../../src/core/job.ts';
import type { Store } from '../../src/core/store.ts';
import { openEventStream } from '../../src/http/stream.ts';
import { type FakeClock, fakeClock, settle } from '../support/clock.ts';
import { sqliteData } from '../support/sqlite.ts';
import { createJob, pickOne } from '../support/store.ts';

type Asked = Pick<Store, 'getJob' | 'listEvents'>;

export interface Frame {
  event: string;
  /** null = it has none */
  id: number | null;
  data: Record<string, unknown>;
}

/** Whole frames in this text. */
export const framesOf = (text: string): Frame[] => {
  const frames: Frame[] = [];
  const parser = createParser({
    onEvent: ({ event = '', id, data }) => {
      frames.push({ event, id: id === undefined ? null : Number(id), data: JSON.parse(data) });
    },
  });
  parser.feed(text);
  return frames;
};

export const idsOf = (frames: Frame[]): number[] =>
  frames.flatMap(({ id }) => (id === null ? [] : [id]));

/** What has come so far; `read` waits for one more piece. */
export interface Reader {
  text: string;
  ended: boolean;
  readonly frames: Frame[];
  read(): Promise<void>;
  /** Reads on until nothing more comes by itself. */
  goOn(): Promise<void>;
  cancel(): Promise<void>;
}

export const readerOf = (response: Response): Reader => {
  const body = response.body!.getReader();
  const decoder = new TextDecoder();
  let pending: Promise<void> | null = null;
  const one = async () => {
    const { done, value } = await body.read();
    reader.text += decoder.decode(value, { stream: !done });
    reader.ended = done;
    pending = null;
  };
  const reader: Reader = {
    text: '',
    ended: false,
    get frames() {
      return framesOf(reader.text);
    },
    read: () => {
      pending ??= one();
      return pending;
    },
    goOn: async () => {
      for (let before = -1; !reader.ended && reader.text.length !== before; ) {
        before = reader.text.length;
        void reader.read();
        await settle();
      }
    },
    cancel: () => body.cancel(),
  };
  return reader;
};

export interface StreamWorld {
  store: Store;
  clock: FakeClock;
  stop: AbortController;
  deps: { store: Asked; clock: FakeClock; stop: AbortSignal };
  calls: Record<keyof Asked, number>;
  /** done before each call; may throw, or wait */
  before: Partial<Record<keyof Asked, () => unknown>>;
  /** done after each call, before it is answered */
  after: Partial<Record<keyof Asked, () => unknown>>;
  open(job_id: string, after?: number | null, streams?: boolean): Promise<Response>;
  /** Opened and read as far as there is something. */
  reading(job_id: string, after?: number | null): Promise<Reader>;
  /** A job that an instance has begun. */
  running(): Promise<{ job_id: string; pick: Picked }>;
  advance(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export const streamWorld = async (): Promise<StreamWorld> => {
  const data = await sqliteData();
  const store = await data.open();
  const clock = fakeClock();
  const stop = new AbortController();
  const calls = { getJob: 0, listEvents: 0 };
  const before: StreamWorld['before'] = {};
  const after: StreamWorld['after'] = {};
  const counting = async <Answer>(name: keyof Asked, call: () => Promise<Answer>) => {
    calls[name] += 1;
    await before[name]?.();
    const answer = await call();
    await after[name]?.();
    return answer;
  };
  const asked: Asked = {
    getJob: (job_id) => counting('getJob', () => store.getJob(job_id)),
    listEvents: (...given) => counting('listEvents', () => store.listEvents(...given)),
  };
  const deps = { store: asked, clock, stop: stop.signal };
  const open: StreamWorld['open'] = (job_id, last = null, streams = true) =>
    openEventStream(job_id, last, deps, streams);
  return {
    store,
    clock,
    stop,
    deps,
    calls,
    before,
    after,
    open,
    reading: async (job_id, last) => {
      const reader = readerOf(await open(job_id, last));
      await reader.goOn();
      return reader;
    },
    running: async () => {
      const job_id = await createJob(store, { max_retries: 0 });
      return { job_id, pick: await pickOne(store) };
    },
    advance: data.advance,
    close: data.close,
  };
};

/** Of each event its kind and what tells it from others. */
export const told = (frames: { event: string; data: object }[]): string[] =>
  frames.map(({ event, data }) => {
    const of = event === 'end' ? data : ((data as JobEvent).data as object);
    const { status, message, percent } = of as Record<string, unknown>;
    return `${event} ${status ?? message ?? percent}`;
  });

/** Progress of 1, 2, 3 … steps, `count` of them. */
export const saveProgress = async (
  store: Store,
  { fence }: Picked,
  count: number,
  message: (at: number) => string = (at) => `at ${at}`,
): Promise<void> => {
  for (let at = 1; at <= count; at += 1) {
    await store.saveProgress(fence, { percent: (100 * at) / count, message: message(at) });
  }
};
