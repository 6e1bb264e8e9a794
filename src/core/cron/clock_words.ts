// The minutes and hours of a cron rule in words.
import { evenStep, joined, listed, runsOf } from './lists.ts';

/** No more times of day than that are told one by one; fewer where they have a rhythm. */
const MOST_TIMES = 8;
const MOST_TIMES_OF_A_RHYTHM = 4;
/** Fewer are no rhythm, unless they go on evenly from hour to hour. */
const LEAST_RHYTHM = 3;
/** More separate spans than that are told as hours. */
const MOST_SPANS = 2;

type Numbers = readonly number[];

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (hour: number, minute: number): string => `${two(hour)}:${two(minute)}`;
const first = (values: Numbers): number => values[0] ?? 0;
const last = (values: Numbers): number => values[values.length - 1] ?? 0;

const counted = (values: Numbers, noun: string): string =>
  `${noun}${values.length === 1 ? '' : 's'} ${listed(values)}`;

const hoursOf = (hours: Numbers): string =>
  hours.length === 24 ? 'every hour' : counted(hours, 'hour');

const every = (step: number, noun: string): string =>
  step === 1 ? `every ${noun}` : `every ${step} ${noun}s`;

const goesOn = (minutes: Numbers, step: number): boolean => minutes.length * step === 60;

const stepOf = (minutes: Numbers): number | null => {
  const step = evenStep(minutes, 2);
  if (step === null) return null;
  return minutes.length >= LEAST_RHYTHM || goesOn(minutes, step) ? step : null;
};

const rhythm = (minutes: Numbers, hours: Numbers, step: number): string => {
  const pace = every(step, 'minute');
  const ofHours = `of ${hoursOf(hours)}`;
  const within = `${pace} from minute ${first(minutes)} to ${last(minutes)} ${ofHours}`;
  if (hours.length > 1 && !goesOn(minutes, step)) return within;
  const spans = runsOf(hours);
  if (hours.length < 24 && spans.length <= MOST_SPANS) {
    const told = spans.map(
      ([from, to]) => `from ${clock(from, first(minutes))} to ${clock(to, last(minutes))}`,
    );
    return `${pace} ${joined(told)}`;
  }
  if (first(minutes) > 0) return within;
  return hours.length === 24 ? pace : `${pace} ${ofHours}`;
};

/** One minute of each hour. */
const hourly = (minute: number, hours: Numbers): string | null => {
  if (hours.length === 24) {
    return minute === 0 ? 'every hour' : `at minute ${minute} of every hour`;
  }
  const step = evenStep(hours, LEAST_RHYTHM);
  if (step === null) return null;
  const span = `from ${clock(first(hours), minute)} to ${clock(last(hours), minute)}`;
  return `${every(step, 'hour')} ${span}`;
};

/**
 * `at 09:00 and 17:30`, `every 15 minutes from 09:00 to 17:45`, `at minutes 5 and 35 of every hour`.
 * Both ascending.
 */
export const timesInWords = (minutes: Numbers, hours: Numbers): string => {
  const inHours = minutes.length === 1 ? hourly(first(minutes), hours) : null;
  if (inHours !== null) return inHours;
  const step = stepOf(minutes);
  const most = step === null ? MOST_TIMES : MOST_TIMES_OF_A_RHYTHM;
  if (minutes.length * hours.length <= most) {
    const times = hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute)));
    return `at ${joined(times)}`;
  }
  if (step !== null) return rhythm(minutes, hours, step);
  return `at ${counted(minutes, 'minute')} of ${hoursOf(hours)}`;
};
