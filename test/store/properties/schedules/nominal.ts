// The nominal times of the rules in the stories, counted out without the planner.

const MINUTE = 60_000;

/** By expression: due every so many minutes, so many minutes after midnight. In UTC. */
const rhythms: Record<string, { every: number; after: number }> = {
  '*/10 * * * *': { every: 10, after: 0 },
  '*/15 * * * *': { every: 15, after: 0 },
  '0 * * * *': { every: 60, after: 0 },
  '30 * * * *': { every: 60, after: 30 },
  '5 */3 * * *': { every: 180, after: 5 },
};

export const expressions = Object.keys(rhythms);

/** Every time in (from, until], ascending, as ms since 1970. */
export const nominalTimes = (expression: string, from: number, until: number): number[] => {
  const rhythm = rhythms[expression];
  if (!rhythm) throw new Error(`no rhythm is known of ${expression}`);
  const [step, shift] = [rhythm.every * MINUTE, rhythm.after * MINUTE];
  const found: number[] = [];
  for (let at = (Math.floor((from - shift) / step) + 1) * step + shift; at <= until; at += step) {
    found.push(at);
  }
  return found;
};
