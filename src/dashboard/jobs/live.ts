// What a job tells of itself while one looks at it: its events, as they come.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EventAnswer, JobEnd } from '../../client/client.ts';
import { useAccess, wantsKey } from '../shell/access.ts';
import { fieldOf, textOf } from './event_text.ts';

/** Lines that are kept to be shown. */
const MOST_LINES = 500;
/** Events of so long are shown at once. */
const GATHER_MS = 250;

export interface Live {
  /** the newest at the end; progress is not among them */
  lines: EventAnswer[];
  /** some went by before them */
  cut: boolean;
  progress: { percent: number; message: string | null } | null;
  /** grows when something happened that the job itself tells more of */
  changes: number;
  /** nothing more comes until the job goes on */
  ended: boolean;
  /** there is no such job any more */
  deleted: boolean;
}

export const silent: Live = {
  lines: [],
  cut: false,
  progress: null,
  changes: 0,
  ended: false,
  deleted: false,
};

/** Of an earlier execution nothing is said once the status has changed. */
const progressAfter = (before: Live['progress'], { kind, data }: EventAnswer): Live['progress'] => {
  if (kind === 'status') return null;
  const percent = kind === 'progress' ? fieldOf(data, 'percent') : null;
  if (typeof percent !== 'number') return before;
  return { percent, message: textOf(data, 'message') || null };
};

/** What is known after these events. */
export const heard = (before: Live, events: readonly EventAnswer[]): Live => {
  const lines = [...before.lines, ...events.filter(({ kind }) => kind !== 'progress')];
  const news = events.some(({ kind }) => kind === 'status' || kind === 'step');
  return {
    ...before,
    lines: lines.slice(-MOST_LINES),
    cut: before.cut || lines.length > MOST_LINES,
    progress: events.reduce(progressAfter, before.progress),
    changes: before.changes + (news ? 1 : 0),
  };
};

/** Listens until the job is over, and again from there when `round` grows. */
export const useLive = (job_id: string, round: number): Live => {
  const { client, onRefused } = useAccess();
  const [live, setLive] = useState(silent);
  const last = useRef(0);

  useEffect(() => {
    const gone = new AbortController();
    const gathered: EventAnswer[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      clearTimeout(timer);
      timer = undefined;
      const events = gathered.splice(0);
      if (events.length > 0) setLive((before) => heard(before, events));
    };
    const listen = async () => {
      const after = last.current > 0 ? { after: last.current } : {};
      const events = client.jobs.events(job_id, { signal: gone.signal, ...after });
      for (;;) {
        const { done, value } = await events.next();
        if (done) return value;
        last.current = value.event_id;
        gathered.push(value);
        timer ??= setTimeout(show, GATHER_MS);
      }
    };
    const end = (how: JobEnd | null) => {
      if (gone.signal.aborted) return;
      show();
      const deleted = how === 'deleted';
      setLive((before) => {
        const changes = before.changes + (deleted ? 0 : 1);
        return { ...before, changes, ended: true, deleted };
      });
    };
    const fail = (error: unknown) => {
      if (wantsKey(error)) onRefused();
      else end(null);
    };
    setLive((before) => ({ ...before, ended: false }));
    listen().then(end, fail);
    return () => {
      show();
      gone.abort();
    };
  }, [client, job_id, round]);

  return live;
};
