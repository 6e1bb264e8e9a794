// What could not be used of an earlier scheduler: the first of it in words, and how much it was.

import type { Unused } from '../../core/earlier.ts';
import { show } from '../../core/rules.ts';
import { keptText } from '../../core/text.ts';

/** A table of a million broken rows is told of as well as one of ten. */
const TOLD = 100;

export interface Notes {
  add(note: Unused): void;
  told(): { first: Unused[]; count: number };
}

export const createNotes = (): Notes => {
  const first: Unused[] = [];
  let count = 0;
  return {
    add: ({ value, ...note }) => {
      count += 1;
      if (first.length >= TOLD) return;
      first.push({ ...note, value: value === null ? null : keptText(value, 200) });
    },
    told: () => ({ first: [...first], count }),
  };
};

/** `"often" is none of active, paused` */
export const noneOf = (value: string, words: string[]): string =>
  `${show(value)} is none of ${words.join(', ')}`;
