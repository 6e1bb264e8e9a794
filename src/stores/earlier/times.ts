// When an execution of an earlier scheduler was, from whatever it kept of that.
import type { PastExecution } from '../../core/history.ts';
import type { Row } from './database.ts';
import { momentOf, numberOf } from './values.ts';

type Times = Pick<PastExecution, 'created_at' | 'started_at' | 'finished_at' | 'duration_seconds'>;

/** A year: a longer duration is a mistake, and would make an end that nobody can keep. */
const LONGEST_SECONDS = 31_536_000;

const lengthOf = (row: Row): number | null => {
  const seconds = numberOf(row.duration_seconds ?? '');
  const milliseconds = numberOf(row.duration_ms ?? '');
  const length = seconds ?? (milliseconds === undefined ? undefined : milliseconds / 1000);
  return length !== undefined && length >= 0 && length <= LONGEST_SECONDS ? length : null;
};

/** null = it has no time at all. A text that is none is told of, and does without. */
export const timesOf = (
  row: Row,
  tell: (word: string, reason: string) => unknown,
): Times | null => {
  const moment = (word: string): number | undefined => {
    const text = row[word];
    const at = text ? momentOf(text) : undefined;
    if (text && at === undefined) tell(word, 'it is no time');
    return at?.getTime();
  };
  const [created, started, finished] = ['created_at', 'started_at', 'finished_at'].map(moment);
  const begun = started ?? created ?? finished;
  if (begun === undefined) return null;
  const length = lengthOf(row);
  const ended = Math.max(begun, finished ?? begun + (length ?? 0) * 1000);
  const both = started !== undefined && finished !== undefined;
  return {
    created_at: new Date(Math.min(created ?? begun, begun)),
    started_at: new Date(begun),
    finished_at: new Date(ended),
    duration_seconds: length ?? (both ? (ended - begun) / 1000 : null),
  };
};
