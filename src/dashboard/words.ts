// How lengths of time, moments and amounts read: in words, moments in the zone of whoever reads.
import { fromNow } from '../core/lengths.ts';

/** `now`, `12 s ago`, `in 3 min`: one unit. */
export const age = (iso: string, now: number): string => fromNow(Date.parse(iso) - now);

/** `1 job`, `2 jobs` */
export const count = (amount: number, noun: string): string =>
  `${amount.toLocaleString('en')} ${noun}${amount === 1 ? '' : 's'}`;

const long = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const timeOnly = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const minute = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

const said = (format: Intl.DateTimeFormat, iso: string): string => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : format.format(date);
};

/** `21 Nov 2026, 23:40:03` */
export const moment = (iso: string): string => said(long, iso);

/** `Sat, 21 Nov 2026, 23:40`: for what has no seconds. */
export const minuteMoment = (iso: string): string => said(minute, iso);

/** `23:40:03` of today, `21 Nov, 23:40` of another day of this year, else the whole. */
export const shortMoment = (iso: string, now: number): string => {
  const [date, today] = [new Date(iso), new Date(now)];
  if (date.toDateString() === today.toDateString()) return said(timeOnly, iso);
  return said(date.getFullYear() === today.getFullYear() ? dayAndTime : long, iso);
};

/** `23:40`, or `21 Nov` where days are what matters. */
export const axisMoment = (iso: string, days: boolean): string => said(days ? day : hour, iso);

/** `Mon 23 Nov 2026, 09:00 GMT+1` as the clocks of that zone show it; null where nobody knows it. */
export const zoneMoment = (iso: string, timeZone: string): string | null => {
  try {
    return said(
      new Intl.DateTimeFormat('en-GB', {
        timeZone,
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        timeZoneName: 'short',
      }),
      iso,
    );
  } catch {
    return null;
  }
};
