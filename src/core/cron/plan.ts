// From a cron rule to the slots that the ledger needs: the next ones, and what is made up for of those
// that went by while nobody planned. Called by whoever creates or resumes a schedule, or finds that
// its plan is short. Pure: `now` is the store's clock.
import type { Gone, Rule, SchedulePlan, ShortPlan, SlotReason } from '../schedule.ts';
import { parseCron } from './expression.ts';
import { nextDue } from './next.ts';

const HOUR_MS = 60 * 60 * 1000;
/** Ahead of now: so that one drain in an hour finds its slots there, and plans the next ones. */
const AHEAD_MS = HOUR_MS;
/** A rule that is due more rarely is planned this far; one that is due more often, no farther than most. */
const LEAST_AHEAD = 2;
const MOST_AHEAD = 60;
/** With `all`; the stores fire no more either. More than that at once helps nobody. */
export const MOST_MADE_UP = 100;
/** With `skip` and no deadline of its own: twice the pause between the drains that we recommend. */
const LATE_AFTER_SECONDS = 600;
/** Counted one by one; three months of minutes are 130,000, which would take seconds. */
export const MOST_COUNTED = 2000;

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

/** The times in (from, until] as one row; null = there are none. */
const goneBetween = (
  next: Next,
  from: number,
  until: number,
  told: Pick<Gone, 'status' | 'reason'>,
): Gone | null => {
  const first = next(from);
  if (first === null || first > until) return null;
  let times = 0;
  let last = first;
  for (let at: number | null = first; at !== null && at <= until; at = next(at)) {
    if (times === MOST_COUNTED) {
      const [end = last] = lastTimes(next, last, until, 1);
      return { slot_at: new Date(first), until_at: new Date(end), times: null, ...told };
    }
    times += 1;
    last = at;
  }
  const until_at = times === 1 ? null : new Date(last);
  return { slot_at: new Date(first), until_at, times, ...told };
};

/** Seconds after which a time is not made up for any more; null = it always is. */
export const lateSeconds = ({
  missed,
  starting_deadline_seconds,
}: Pick<Rule, 'missed' | 'starting_deadline_seconds'>): number | null =>
  starting_deadline_seconds ?? (missed === 'skip' ? LATE_AFTER_SECONDS : null);

/** Why times before the first one that is made up for are not. */
const whyMissed = ({ missed }: Rule, made_up: number): SlotReason => {
  if (missed === 'latest') return made_up > 0 ? 'superseded' : 'too_late';
  return made_up === MOST_MADE_UP ? 'too_many' : 'too_late';
};

const aheadOf = (next: Next, from: number, present: number): number[] => {
  const ahead: number[] = [];
  for (let at = next(from); at !== null; at = next(at)) {
    const enough = ahead.length >= LEAST_AHEAD && at > present + AHEAD_MS;
    if (enough || ahead.length === MOST_AHEAD) break;
    ahead.push(at);
  }
  return ahead;
};

/** Half of what is planned must have passed before more is, so that one planning serves many picks. */
const planAt = (ahead: number[]): Date | null => {
  const half = ahead[Math.ceil(ahead.length / 2) - 1];
  return half === undefined ? null : new Date(half);
};

/**
 * The plan of a schedule: each nominal time above `planned_until` stands in `slots` or in one row of
 * `gone`. Throws an InputError for an expression or a time zone that cannot be used.
 */
export const planOf = (short: ShortPlan): SchedulePlan => {
  const { schedule_id, revision, planned_until, idle_until, idle_reason } = short;
  const expression = parseCron(short.schedule_expression);
  const next: Next = (after) => nextDue(expression, short.timezone, after);
  const present = short.now.getTime();
  const written = planned_until?.getTime() ?? present;
  const begin = Math.max(written, idle_until?.getTime() ?? written);
  const idle =
    idle_reason === null
      ? null
      : goneBetween(next, written, begin, { status: 'skipped', reason: idle_reason });

  const seconds = lateSeconds(short);
  const lateAfter = (at: number) => (seconds === null ? null : new Date(at + seconds * 1000));
  const since = seconds === null ? begin : Math.max(begin, present - seconds * 1000 - 1);
  const most = short.missed === 'latest' ? 1 : MOST_MADE_UP;
  const past = since < present ? lastTimes(next, since, present, most) : [];
  const reason = whyMissed(short, past.length);
  const until = (past[0] ?? Math.max(begin, present) + 1) - 1;
  const missed = goneBetween(next, begin, until, { status: 'missed', reason });
  const ahead = aheadOf(next, Math.max(begin, present), present);
  const last = ahead.at(-1);
  return {
    schedule_id,
    revision,
    slots: [...past, ...ahead].map((at) => ({
      slot_at: new Date(at),
      late_after: lateAfter(at),
    })),
    gone: [idle, missed].filter((range) => range !== null),
    planned_until: last === undefined ? null : new Date(last),
    plan_at: planAt(ahead),
  };
};
