// What may happen to a store: plain data, so that a counterexample reads as a story and shrinks.
import fc from 'fast-check';
import { type Move, moves } from '../../../src/core/job.ts';

/** Numbers named `…_index` point at the newest first, modulo what there is. */
export type Action =
  | {
      do: 'create';
      job_type: string;
      priority: number;
      starts_in: number;
      max_retries: number;
      unique_key: string | null;
      depends_on_index: number[];
    }
  | { do: 'claim'; instance: string; job_types: string[]; count: number; lock_seconds: number }
  | { do: 'heartbeat'; pick_index: number; lock_seconds: number }
  | { do: 'step'; pick_index: number; name: string; status: 'running' | 'success' | 'failed' }
  | { do: 'progress'; pick_index: number; percent: number }
  | { do: 'record'; pick_index: number; outcome: Outcome; delay_seconds: number; next: boolean }
  /** `of_pick`: the job of the newest pick, whichever `job_index` is */
  | { do: 'move'; job_index: number; of_pick: boolean; move: Move }
  | { do: 'release'; limit: number }
  | { do: 'advance'; seconds: number };

export const outcomes = ['success', 'failed', 'retry', 'timeout', 'cancelled', 'yielded'] as const;
export type Outcome = (typeof outcomes)[number];

const types = ['alpha', 'beta'] as const;
// Mostly what happened last: the newest pick is the one that still holds its lock.
const index = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 7 }));
const seconds = fc.constantFrom(0, 1, 5, 10, 30, 60);
const lock_seconds = fc.constantFrom(5, 10, 60);

const create = fc.record({
  do: fc.constant('create' as const),
  job_type: fc.constantFrom(...types),
  priority: fc.constantFrom(-10, 0, 0, 10),
  starts_in: fc.constantFrom(-10, 0, 0, 30),
  max_retries: fc.nat({ max: 2 }),
  unique_key: fc.constantFrom(null, null, 'k'),
  depends_on_index: fc.array(fc.nat({ max: 5 }), { maxLength: 2 }),
});
const claim = fc.record({
  do: fc.constant('claim' as const),
  instance: fc.constantFrom('a', 'b', 'c'),
  job_types: fc.constantFrom<string[]>(['alpha', 'beta'], ['beta', 'alpha'], ['alpha'], ['beta']),
  count: fc.integer({ min: 1, max: 3 }),
  lock_seconds,
});
const heartbeat = fc.record({
  do: fc.constant('heartbeat' as const),
  pick_index: index,
  lock_seconds,
});
const step = fc.record({
  do: fc.constant('step' as const),
  pick_index: index,
  name: fc.constantFrom('one', 'one', 'two'),
  status: fc.constantFrom('running', 'success', 'failed'),
});
const progress = fc.record({
  do: fc.constant('progress' as const),
  pick_index: index,
  percent: fc.nat({ max: 100 }),
});
const record = fc.record({
  do: fc.constant('record' as const),
  pick_index: index,
  outcome: fc.constantFrom('success' as const, ...outcomes),
  delay_seconds: seconds,
  next: fc.boolean(),
});
const move = fc.record({
  do: fc.constant('move' as const),
  job_index: fc.nat({ max: 7 }),
  of_pick: fc.boolean(),
  move: fc.constantFrom(...(Object.keys(moves) as Move[])),
});
const release = fc.record({
  do: fc.constant('release' as const),
  limit: fc.integer({ min: 1, max: 3 }),
});
const advance = fc.record({ do: fc.constant('advance' as const), seconds });

/** Some dozens of actions in a row. */
export const stories: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: create },
    { weight: 6, arbitrary: claim },
    { weight: 2, arbitrary: heartbeat },
    { weight: 3, arbitrary: step },
    { weight: 1, arbitrary: progress },
    { weight: 7, arbitrary: record },
    { weight: 4, arbitrary: move },
    { weight: 1, arbitrary: release },
    { weight: 4, arbitrary: advance },
  ),
  { minLength: 10, maxLength: 45, size: 'max' },
);
