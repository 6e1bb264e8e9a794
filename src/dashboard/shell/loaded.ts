// What a view shows: loaded when it opens, again when its question changes, and every so often.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../../client/client.ts';
import { isMissing, sentenceOf, useAccess, wantsKey } from './access.ts';

export interface Loaded<Value> {
  /** null = there was no answer yet; an older one stays until the next */
  value: Value | null;
  /** why the last answer is missing; null = it is there */
  fault: unknown;
  loading: boolean;
  /** of the fault */
  sentence: string | null;
  reload: () => void;
}

type Load<Value> = (client: Client, signal: AbortSignal) => Promise<Value>;

/** Calls `again` after `ms` of a page that is looked at; at once when one comes back to it later. */
const whileVisible = (ms: number, again: () => void): (() => void) => {
  let over = false;
  const due = () => {
    over = true;
    look();
  };
  const look = () => {
    if (!over || document.visibilityState !== 'visible') return;
    stop();
    again();
  };
  const timer = setTimeout(due, ms);
  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
  document.addEventListener('visibilitychange', look);
  return stop;
};

/**
 * `question` says when to load anew; `refresh_ms`: loaded again so long after an answer, null = never;
 * what is not there is not asked for again.
 * `reload` while something is being loaded waits for that first: however often it is called, answers come.
 */
export const useLoaded = <Value>(
  load: Load<Value>,
  question: string,
  refresh_ms: number | null,
): Loaded<Value> => {
  const { client, onRefused } = useAccess();
  const [value, setValue] = useState<Value | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const ask = useRef(() => {});
  const reload = useCallback(() => ask.current(), []);

  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    let [busy, again] = [false, false];
    let stopWaiting = () => {};
    const begin = () => {
      stopWaiting();
      again = busy;
      if (busy) return;
      busy = true;
      setLoading(true);
      load(client, signal).then((loaded) => {
        if (!signal.aborted) setValue(loaded);
        settle(null);
      }, settle);
    };
    const settle = (error: unknown) => {
      if (signal.aborted) return;
      busy = false;
      if (wantsKey(error)) return onRefused();
      setFault(error);
      if (again) return begin();
      setLoading(false);
      if (refresh_ms !== null && !isMissing(error)) stopWaiting = whileVisible(refresh_ms, begin);
    };
    ask.current = begin;
    begin();
    return () => {
      gone.abort();
      stopWaiting();
    };
  }, [client, question, refresh_ms]);

  return { value, loading, fault, sentence: fault === null ? null : sentenceOf(fault), reload };
};
