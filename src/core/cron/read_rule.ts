// A rule as people read it: in words, with its next times, or with what is wrong with it.
import type { Problem } from '../../errors.ts';
import type { Rule } from '../schedule.ts';
import { nextTime, ruleFaults } from './rule.ts';
import { ruleInWords } from './words.ts';

export interface ReadRule {
  /** null = it cannot be read */
  words: string | null;
  faults: Problem[];
  /** the first `count` times after a moment; fewer when no more will come */
  next(after: Date, count: number): Date[];
}

/** Someone may have written the row by hand: then `faults` say what is wrong with it. */
export const readRule = (rule: Pick<Rule, 'schedule_expression' | 'timezone'>): ReadRule => {
  const faults = ruleFaults(rule);
  const next = (after: Date, count: number): Date[] => {
    const times: Date[] = [];
    if (faults.length > 0) return times;
    for (let at = nextTime(rule, after); at !== null; ) {
      times.push(at);
      at = times.length < count ? nextTime(rule, at) : null;
    }
    return times;
  };
  const unread = faults.some(({ path }) => path === 'schedule_expression');
  return { words: unread ? null : ruleInWords(rule.schedule_expression), faults, next };
};
