// Facts about one thing, a line each, with their labels in a column.
import type { Output } from './output.ts';

/** `null`: there is nothing to say of it. */
export type Fact = [label: string, value: string | null];

export const printFacts = ({ line, paint }: Output, facts: Fact[]): void => {
  const width = Math.max(...facts.map(([label]) => label.length)) + 1;
  for (const [label, value] of facts) {
    if (value !== null) line(`  ${paint.dim(label.padEnd(width))} ${value}`);
  }
};
