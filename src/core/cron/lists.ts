// Ascending numbers as people list them: runs, even steps, and the word before the last one.

/** `a`, `a and b`, `a, b and c` */
export const joined = (words: readonly string[]): string =>
  words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;

/** Three or more in a row are one run. */
const SHORTEST_RUN = 3;

/** The maximal runs of neighbours. */
export const runsOf = (values: readonly number[]): [from: number, to: number][] => {
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === value - 1) last[1] = value;
    else runs.push([value, value]);
  }
  return runs;
};

/** `0, 5 to 20 and 50`: each number as `name` has it, and as `single` has it where it is in no run. */
export const listed = (
  values: readonly number[],
  name: (value: number) => string = String,
  single = name,
): string =>
  joined(
    runsOf(values).flatMap(([from, to]) => {
      if (to - from + 1 >= SHORTEST_RUN) return `${name(from)} to ${name(to)}`;
      return from === to ? single(from) : [single(from), single(to)];
    }),
  );

/** The step between any two neighbours; null = it is not the same, or there are fewer than `least`. */
export const evenStep = (values: readonly number[], least: number): number | null => {
  const [first = 0, second = 0] = values;
  const step = second - first;
  const even = values.every((value, index) => value === first + index * step);
  return values.length >= least && even ? step : null;
};

/** `1st`, `2nd`, `3rd`, `4th`, `11th` */
export const ordinal = (value: number): string => {
  const teens = value % 100 >= 11 && value % 100 <= 13;
  const ending = teens ? undefined : ['th', 'st', 'nd', 'rd'][value % 10];
  return `${value}${ending ?? 'th'}`;
};
