// A rule as whoever wrote it left it: what is wrong with it, and when it falls due next.
import { InputError, type Problem } from '../../errors.ts';
import type { Rule } from '../schedule.ts';
import { parseCron } from './expression.ts';
import { nextDue } from './next.ts';
import { offsetOf } from './zone.ts';

type Times = Pick<Rule, 'schedule_expression' | 'timezone'>;

/** What `check` threw as an InputError. */
export const faultsOf = (check: () => unknown): Problem[] => {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems;
  }
};

/** Of the expression and of the time zone; none = it can be read. */
export const ruleFaults = ({ schedule_expression, timezone }: Times): Problem[] => [
  ...faultsOf(() => parseCron(schedule_expression)),
  ...faultsOf(() => offsetOf(timezone)),
];

/** The first time after a moment; null = none will come. Throws an InputError for one that has faults. */
export const nextTime = ({ schedule_expression, timezone }: Times, after: Date): Date | null => {
  const at = nextDue(parseCron(schedule_expression), timezone, after.getTime());
  return at === null ? null : new Date(at);
};
