// A cron expression: five fields, or a nickname for them.
import { InputError } from '../../errors.ts';
import { chooseDays, type Day, dayFields } from './days.ts';
import { FieldFault, fieldRules, parseField } from './fields.ts';

export interface CronExpression {
  /** as it was given, one space between two fields */
  text: string;
  /** ascending */
  minutes: readonly number[];
  hours: readonly number[];
  months: ReadonlySet<number>;
  isDay: (day: Day) => boolean;
  /** a rhythm (a star, a range or a step in minute or hour), and no fixed time of day */
  is_interval: boolean;
}

const nicknames: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
  '@every_minute': '* * * * *',
};

const names = ['minute', 'hour', 'day_of_month', 'month', 'day_of_week'] as const;

const expand = (text: string): string => {
  if (!text.startsWith('@')) return text;
  const fields = nicknames[text.toLowerCase()];
  if (fields !== undefined) return fields;
  throw new FieldFault(
    `${JSON.stringify(text)} is no nickname; expected one of ${Object.keys(nicknames).join(', ')}`,
  );
};

const split = (text: string): string[] => {
  const fields = expand(text).split(' ');
  if (fields.length === 5) return fields;
  const order = 'minute, hour, day of month, month, day of week';
  throw new FieldFault(
    `${JSON.stringify(text.slice(0, 100))} has ${fields.length} field${fields.length === 1 ? '' : 's'}; expected five (${order}) or a nickname such as @daily`,
  );
};

const parse = (given: string): CronExpression => {
  const text = given.trim().replace(/\s+/g, ' ');
  const fields = split(text);
  const faults: string[] = [];
  const field = <T>(index: number, read: (text: string) => T): T | undefined => {
    try {
      return read(fields[index] ?? '');
    } catch (error) {
      if (!(error instanceof FieldFault)) throw error;
      faults.push(`${fieldRules[names[index] ?? 'minute'].name} ${error.message}`);
      return undefined;
    }
  };
  const minutes = field(0, (it) => parseField(it, fieldRules.minute));
  const hours = field(1, (it) => parseField(it, fieldRules.hour));
  const inMonth = field(2, dayFields.day_of_month);
  const months = field(3, (it) => parseField(it, fieldRules.month));
  const inWeek = field(4, dayFields.day_of_week);
  if (!minutes || !hours || !inMonth || !months || !inWeek) throw new FieldFault(faults.join('; '));
  const [minute = '', hour = '', dayOfMonth = '', , dayOfWeek = ''] = fields;
  return {
    text,
    minutes,
    hours,
    months: new Set(months),
    isDay: chooseDays({ text: dayOfMonth, test: inMonth }, { text: dayOfWeek, test: inWeek }),
    is_interval: /[*?/-]/.test(`${minute} ${hour}`),
  };
};

/** Throws an InputError that names each field, its value and what is expected. */
export const parseCron = (text: string, path = 'schedule_expression'): CronExpression => {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof FieldFault)) throw error;
    throw new InputError([{ path, message: error.message }]);
  }
};
