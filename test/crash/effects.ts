// What job code did outside the database, against what the database says it did.
import type { Row } from './tables.ts';
import type { Effect } from './world.ts';

const keyOf = (...parts: unknown[]): string => parts.join(' ');

const doneTwice = (keys: string[]): string[] =>
  keys
    .filter((key, index) => keys.indexOf(key) !== index)
    .map((key) => `an execution does each thing once: ${key}`);

/** `steps` are the finished ones; every execution that ends well leaves the effect `end`. */
export const strangeEffects = (effects: Effect[], steps: Row[], successes: Row[]): string[] => {
  const keys = effects.map(({ job_id, lock_epoch, what }) => keyOf(job_id, lock_epoch, what));
  const did = new Set(keys);
  const savedAt = new Map(
    steps.map(({ job_id, name, lock_epoch }) => [keyOf(job_id, name), Number(lock_epoch)]),
  );
  const again = effects
    .filter((effect) => effect.lock_epoch > (savedAt.get(keyOf(effect.job_id, effect.what)) ?? 1e9))
    .map((effect) => `a finished step is not run again: ${JSON.stringify(effect)}`);
  const unfounded = steps
    .filter(({ job_id, name, lock_epoch }) => !did.has(keyOf(job_id, lock_epoch, name)))
    .map((step) => `a saved step was run by whom it names: ${JSON.stringify(step)}`);
  const endless = successes
    .filter(({ job_id, lock_epoch }) => !did.has(keyOf(job_id, lock_epoch, 'end')))
    .map((success) => `a success came to its end: ${JSON.stringify(success)}`);
  return [...(did.size < keys.length ? doneTwice(keys) : []), ...again, ...unfounded, ...endless];
};
