// From a cron rule to the slots that the ledger needs: the next ones, and what is made up for of those
// that went by while nobody planned. Called by whoever creates or resumes a schedule, or finds that
// its plan is short. Pure: `now` is the store's clock.
import { parseCron } from './expression.ts';
import { nextDue } from './next.ts';

export interface Rule {
  schedule_expression: string;
  timezone: string;
  /** of the times that went by: only the latest is made up for, all are, or none that is late */
  missed: 'latest' | 'all' | 'skip';
  /** a time is not made up for after so many seconds; null = as `missed` has it */
  starting_deadline_seconds: number | null;
}

export interface Plan {
  /** nominal times to be written as planned, ascending */
  slots: Date[];
  /** those before them that are not made up for, told of by one row; `more`: there were even more */
  missed: { from: Date; until: Date; times: number; more: boolean } | null;
  /** up to here every nominal time is in `slots` or in `missed`; null = none will ever come */
  planned_until: Date | null;
}

const HOUR_MS = 60 * 60 * 1000;
/** Ahead of now: so that one drain in an hour finds its slots there, and plans the next ones. */
const AHEAD_MS = HOUR_MS;
/** A rule that is due more rarely is planned this far; one that is due more often, no farther than most. */
const LEAST_AHEAD = 2;
const MOST_AHEAD = 60;
/** With `all`. More than that at once helps nobody. */
const MOST_MADE_UP = 100;
/** With `skip` and no deadline of its own: a schedule's trigger may be as late as this. */
const LATE_AFTER_SECONDS = 300;
/** Counted one by one; three months of minutes are 130,000. */
const MOST_COUNTED = 10_000;

type Next = (after: number) => number | null;

/** The last `count` times in (from, until], ascending. */
const lastTimes = (next: Next, from: number, until: number, count: number): number[] => {
  for (let reach = HOUR_MS; ; reach *= 8) {
    const start = Math.max(from, until - reach);
    const found: number[] = [];
    for (let at = next(start); at !== null && at <= until; at = next(at)) {
      found.push(at);
      if (found.length > count) found.shift();
    }
    if (found.length === count || start === from) return found;
  }
};

/** How many times there are in (from, until), and the first of them. */
const countTimes = (next: Next, from: number, until: number) => {
  const first = next(from);
  let times = 0;
  let at = first;
  for (; at !== null && at < until && times < MOST_COUNTED; at = next(at)) times += 1;
  return { first, times, more: at !== null && at < until };
};

const madeUpFor = ({ missed, starting_deadline_seconds }: Rule) => ({
  most: missed === 'latest' ? 1 : MOST_MADE_UP,
  seconds: starting_deadline_seconds ?? (missed === 'skip' ? LATE_AFTER_SECONDS : Infinity),
});

/** The slots of (from, …): `from` is up to where the ledger is written already. */
export const planSlots = (rule: Rule, from: Date, now: Date): Plan => {
  const expression = parseCron(rule.schedule_expression);
  const next: Next = (after) => nextDue(expression, rule.timezone, after);
  const [begin, present] = [from.getTime(), now.getTime()];
  const { most, seconds } = madeUpFor(rule);
  const since = Math.max(begin, present - seconds * 1000 - 1);
  const past = since < present ? lastTimes(next, since, present, most) : [];
  const until = past[0] ?? Math.max(begin, present) + 1;
  const { first, times, more } = countTimes(next, begin, until);
  const missed =
    first === null || times === 0
      ? null
      : { from: new Date(first), until: new Date(until - 1), times, more };
  const ahead: number[] = [];
  for (let at = next(Math.max(begin, present)); at !== null; at = next(at)) {
    const enough = ahead.length >= LEAST_AHEAD && at > present + AHEAD_MS;
    if (enough || ahead.length === MOST_AHEAD) break;
    ahead.push(at);
  }
  const last = ahead.at(-1);
  return {
    slots: [...past, ...ahead].map((at) => new Date(at)),
    missed,
    planned_until: last === undefined ? null : new Date(last),
  };
};
