// Schedules as people name them, and which one they may have meant.

import { someSchedules } from '../../core/schedule_pages.ts';
import { NotFoundError, RunnerError } from '../../errors.ts';
import type { Runner } from '../../runner.ts';
import { oneLine } from '../format.ts';

/** More names are not looked through for one that is like the misspelt one. */
const MOST_NAMES = 5000;
const MOST_TOLD = 3;
/** Of the pairs of letters of both names, so many are the same. */
const LEAST_LIKENESS = 0.5;

const plainOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

const pairsOf = (plain: string): Set<string> =>
  new Set(
    Array.from({ length: Math.max(0, plain.length - 1) }, (_, at) => plain.slice(at, at + 2)),
  );

/** From 0 to 1: how alike two names are, whatever their case and what stands between their words. */
const likeness = (one: string, other: string): number => {
  const [a, b] = [plainOf(one), plainOf(other)];
  if (a === '' || b === '') return 0;
  if (a === b || a.startsWith(b) || b.startsWith(a)) return 1;
  const [pairs, others] = [pairsOf(a), pairsOf(b)];
  const common = [...pairs].filter((pair) => others.has(pair)).length;
  return (2 * common) / Math.max(1, pairs.size + others.size);
};

const likeNames = async ({ store }: Runner, name: string): Promise<string[]> => {
  const schedules = await someSchedules(store, {}, MOST_NAMES);
  return schedules
    .map((schedule) => ({ name: schedule.name, like: likeness(name, schedule.name) }))
    .filter(({ like }) => like >= LEAST_LIKENESS)
    .sort((a, b) => b.like - a.like)
    .slice(0, MOST_TOLD)
    .map((each) => `"${oneLine(each.name, 60)}"`);
};

/** The last deleted one of that name: its ledger is kept for a while. */
const deletedId = async ({ store }: Runner, name: string): Promise<string | undefined> => {
  const deleted = await someSchedules(store, { status: 'deleted' }, MOST_NAMES);
  return deleted.findLast((schedule) => schedule.name === name)?.schedule_id;
};

/** What `ask` answers; where there is no schedule of that name, those that have a similar one are told. */
export const named = async <Answer>(
  runner: Runner,
  id_or_name: string,
  ask: (id_or_name: string) => Promise<Answer>,
): Promise<Answer> => {
  try {
    return await ask(id_or_name);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const none = `There is no schedule "${oneLine(id_or_name, 60)}"`;
    const like = await likeNames(runner, id_or_name);
    if (like.length > 0) {
      throw new RunnerError('not_found', `${none}. Did you mean ${like.join(' or ')}?`);
    }
    const gone = await deletedId(runner, id_or_name);
    if (gone === undefined) throw error;
    throw new RunnerError('not_found', `${none} any more; the deleted one is ${gone}.`);
  }
};
