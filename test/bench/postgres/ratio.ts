// Two contenders held against each other, round by round.
import { type Figure, median, spread } from '../figures.ts';

/** The median of the rounds' ratios: what else the machine did in a round hit both. */
export const ratio = (
  name: string,
  above: number[],
  below: number[],
  aim?: Figure['aim'],
): Figure => {
  const ratios = above.map((value, round) => value / (below[round] ?? Number.NaN));
  const note = `rounds ${spread(ratios)}`;
  return { name, value: median(ratios), unit: '×', note, ...(aim && { aim }) };
};
