// What may happen to schedules: plain data, so that a counterexample reads as a story and shrinks.
import fc from 'fast-check';
import {
  type ConcurrencyPolicy,
  concurrencyPolicies,
  type MissedPolicy,
  missedPolicies,
  type ScheduleMove,
  scheduleMoves,
} from '../../../../src/core/schedule.ts';
import { expressions } from './nominal.ts';

/** What one write may change. */
export type Change =
  | { schedule_expression: string }
  | { missed: MissedPolicy }
  | { starting_deadline_seconds: number | null }
  | { concurrency_policy: ConcurrencyPolicy }
  | { status: 'active' | 'inactive' };

/** Numbers named `…_index` point at the newest first, modulo what there is. */
export type Action =
  | {
      do: 'create';
      schedule_expression: string;
      missed: MissedPolicy;
      starting_deadline_seconds: number | null;
      concurrency_policy: ConcurrencyPolicy;
      /** has a unique key of its own, unless earlier jobs are replaced */
      keyed: boolean;
      status: 'inactive' | null;
    }
  | { do: 'change'; schedule_index: number; change: Change }
  | { do: 'move'; schedule_index: number; move: ScheduleMove }
  | { do: 'trigger'; schedule_index: number; only_if_idle: boolean }
  /** `again`: what was planned last is sent once more, whatever has become of it */
  | { do: 'plan'; again: boolean }
  /** so many instances at once, each asking for `count` jobs */
  | { do: 'claim'; instances: number; count: number }
  | { do: 'record'; pick_index: number; outcome: Outcome; next: boolean }
  | { do: 'cancel'; pick_index: number }
  | { do: 'advance'; seconds: number };

export const outcomes = ['success', 'failed', 'retry'] as const;
export type Outcome = (typeof outcomes)[number];

const HOUR = 3600;
const index = fc.nat({ max: 5 });
const rule = {
  schedule_expression: fc.constantFrom(...expressions),
  missed: fc.constantFrom(...missedPolicies),
  starting_deadline_seconds: fc.constantFrom(null, null, 300, 5400),
};
const concurrency_policy = fc.constantFrom(...concurrencyPolicies);

const create = fc.record({
  do: fc.constant('create' as const),
  ...rule,
  concurrency_policy,
  keyed: fc.boolean(),
  status: fc.constantFrom(null, null, null, 'inactive' as const),
});
const change = fc.record({
  do: fc.constant('change' as const),
  schedule_index: index,
  change: fc.oneof(
    fc.record({ schedule_expression: rule.schedule_expression }),
    fc.record({ missed: rule.missed }),
    fc.record({ starting_deadline_seconds: rule.starting_deadline_seconds }),
    fc.record({ concurrency_policy }),
    fc.record({ status: fc.constantFrom('active' as const, 'inactive' as const) }),
  ),
});
const move = fc.record({
  do: fc.constant('move' as const),
  schedule_index: index,
  move: fc.constantFrom<ScheduleMove[]>(
    ...(Object.keys(scheduleMoves) as ScheduleMove[]),
    'pause',
    'resume',
    'resume',
  ),
});
const trigger = fc.record({
  do: fc.constant('trigger' as const),
  schedule_index: index,
  only_if_idle: fc.boolean(),
});
const plan = fc.record({
  do: fc.constant('plan' as const),
  again: fc.constantFrom(false, false, false, true),
});
const claim = fc.record({
  do: fc.constant('claim' as const),
  instances: fc.constantFrom(1, 1, 1, 3),
  count: fc.nat({ max: 2 }),
});
const record = fc.record({
  do: fc.constant('record' as const),
  pick_index: index,
  outcome: fc.constantFrom(...outcomes),
  next: fc.boolean(),
});
const cancel = fc.record({ do: fc.constant('cancel' as const), pick_index: index });
const advance = fc.record({
  do: fc.constant('advance' as const),
  seconds: fc.constantFrom(30, 300, 600, 0.5 * HOUR, HOUR, 2 * HOUR, 7 * HOUR, -HOUR),
});

/** A schedule, then some dozens of actions in a row. */
export const scheduleStories: fc.Arbitrary<Action[]> = fc
  .tuple(
    create,
    fc.array(
      fc.oneof(
        { weight: 1, arbitrary: create },
        { weight: 3, arbitrary: change },
        { weight: 3, arbitrary: move },
        { weight: 1, arbitrary: trigger },
        { weight: 6, arbitrary: plan },
        { weight: 7, arbitrary: claim },
        { weight: 3, arbitrary: record },
        { weight: 1, arbitrary: cancel },
        { weight: 7, arbitrary: advance },
      ),
      { minLength: 10, maxLength: 40, size: 'max' },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);
