// A cron rule in words: from the values that its fields stand for, so that it says what the rule does
// however it was written.
import { timesInWords } from './clock_words.ts';
import { daysInWords } from './day_words.ts';
import { parseCron } from './expression.ts';

/** The day fields that a nickname stands for, where it names days at all. */
const daysOfNicknames: Record<string, [day_of_month: string, day_of_week: string]> = {
  '@yearly': ['1', '*'],
  '@annually': ['1', '*'],
  '@monthly': ['1', '*'],
  '@weekly': ['*', '0'],
};

const dayFieldsOf = (text: string): [day_of_month: string, day_of_week: string] => {
  if (text.startsWith('@')) return daysOfNicknames[text.toLowerCase()] ?? ['*', '*'];
  const [, , dayOfMonth = '*', , dayOfWeek = '*'] = text.split(' ');
  return [dayOfMonth, dayOfWeek];
};

/**
 * `at 09:00 on Monday to Friday`, `every 15 minutes`, `at 03:00 on the last Friday of March`. Throws an
 * InputError as `parseCron` does.
 */
export const ruleInWords = (text: string): string => {
  const expression = parseCron(text);
  const [dayOfMonth, dayOfWeek] = dayFieldsOf(expression.text);
  const times = timesInWords(expression.minutes, expression.hours);
  const days = daysInWords(dayOfMonth, dayOfWeek, expression.months);
  // What goes on around the clock needs no word for that it does so every day.
  const anyDay = days.startsWith('on ') || expression.hours.length === 24 ? '' : 'every day';
  return [times, anyDay, days].filter((each) => each !== '').join(' ');
};
