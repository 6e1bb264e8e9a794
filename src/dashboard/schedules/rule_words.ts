// What the policies of a schedule mean, in words.
import type { ConcurrencyPolicy, MissedPolicy } from '../../core/schedule.ts';

export const missedWords: Record<MissedPolicy, string> = {
  latest: 'the latest time that was missed is made up for',
  all: 'all times that were missed are made up for',
  skip: 'what was missed is left out',
};

export const concurrencyWords: Record<ConcurrencyPolicy, string> = {
  allow: 'its jobs may overlap',
  forbid: 'no job while an earlier one is not finished',
  replace: 'an earlier job that is not finished is cancelled for the new one',
};
