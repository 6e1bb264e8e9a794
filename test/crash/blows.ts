// Where and when blows fall, at random.
import type { Blow } from './kill_round.ts';
import type { Stage } from './stages.ts';

/** A blow from outside comes at most this long after its stage: about as long as a job takes. */
const LATEST_MS = 8;

const upTo = (most: number): number => 1 + Math.floor(Math.random() * most);

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** In turn at the very instruction, and a random while after another process heard of it. */
const by = (index: number): Blow['by'] => (index % 2 === 0 ? 'itself' : Math.random() * LATEST_MS);

/** `count` blows at a stage, each after the stage was passed at random up to twice. */
export const blowsAt = (stage: Stage, count: number): Blow[] =>
  many(count, (index) => {
    const times = upTo(3);
    return { stage, jobs: times + 1, times, by: by(index) };
  });

/** `count` blows at random moments of a drain of ten jobs. */
export const blowsAnywhere = (count: number): Blow[] =>
  many(count, (index) => ({ stage: 'anywhere', jobs: 10, times: upTo(60), by: by(index) }));
