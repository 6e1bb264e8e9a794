// One field of a cron expression: from text to the values it stands for.

export interface FieldRule {
  name: string;
  min: number;
  max: number;
  /** names of values, the first one standing for `min` */
  names?: readonly string[];
}

export const fieldRules = {
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  day_of_month: { name: 'day of month', min: 1, max: 31 },
  month: {
    name: 'month',
    min: 1,
    max: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  day_of_week: {
    name: 'day of week',
    min: 0,
    max: 6,
    names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  },
} as const satisfies Record<string, FieldRule>;

/** What is wrong with a part of a field; completes "minute "61": …". */
export class FieldFault extends Error {}

const expectedOf = ({ min, max, names }: FieldRule): string =>
  names
    ? `${min} to ${max === 6 ? '7 (0 and 7 are Sunday)' : max} or ${names[0]} to ${names.at(-1)}`
    : `${min} to ${max}`;

const readValue = (text: string, rule: FieldRule): number => {
  const named = rule.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + rule.min;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  // The week may end with Sunday as well as begin with it.
  const max = rule.max === 6 ? 7 : rule.max;
  if (!(value >= rule.min && value <= max)) {
    throw new FieldFault(`${JSON.stringify(text)} cannot be used; expected ${expectedOf(rule)}`);
  }
  return value;
};

const stepOf = (text: string, rule: FieldRule): number => {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  const most = rule.max - rule.min + 1;
  if (step >= 1 && step <= most) return step;
  throw new FieldFault(`step ${JSON.stringify(text)} cannot be used; expected 1 to ${most}`);
};

/** From `from` to `to` and, where that is smaller, on over the end: `22-2` of hours is 22, 23, 0, 1, 2. */
const range = (from: number, to: number, step: number, { min, max }: FieldRule): number[] => {
  const size = max - min + 1;
  const length = from <= to ? to - from : to - from + size;
  const steps = Math.floor(length / step) + 1;
  return Array.from({ length: steps }, (_, i) => ((from - min + i * step) % size) + min);
};

const partOf = (text: string, rule: FieldRule): number[] => {
  const [body = '', stepText, more] = text.split('/');
  if (more !== undefined || body === '')
    throw new FieldFault(`${JSON.stringify(text)} is no value, range or step`);
  const step = stepText === undefined ? 1 : stepOf(stepText, rule);
  if (body === '*' || body === '?') return range(rule.min, rule.max, step, rule);
  const [fromText = '', toText, tail] = body.split('-');
  if (tail !== undefined)
    throw new FieldFault(`${JSON.stringify(text)} is no range; expected FROM-TO`);
  const week = rule.max === 6;
  const first = readValue(fromText, rule);
  const from = week && first === 7 ? 0 : first;
  // `5/15` begins at 5 and goes on to the end.
  if (toText === undefined)
    return stepText === undefined ? [from] : range(from, rule.max, step, rule);
  const to = readValue(toText, rule);
  if (first === 7 && to === 7 && week) return [0];
  if (week && to === 7 && from > 0)
    return range(from, 7, step, { ...rule, max: 7 }).map((day) => day % 7);
  return range(from, week && to === 7 ? 6 : to, step, rule);
};

/** The values of a field, ascending. Throws a FieldFault. */
export const parseField = (text: string, rule: FieldRule): number[] => {
  const values = text.split(',').flatMap((part) => partOf(part, rule));
  return [...new Set(values)].sort((a, b) => a - b);
};
