// When a schedule falls due, as its clocks show it.
import { faultsOf } from '../../core/cron/rule.ts';
import { offsetOf } from '../../core/cron/zone.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTE = 60_000;

/** `Mon 2026-11-23 09:00`, as the clocks show it that are `offset` ms ahead of UTC. */
const wall = (at: Date, offset: number): string => {
  const local = new Date(at.getTime() + offset);
  const text = local.toISOString().slice(0, 16).replace('T', ' ');
  return `${WEEKDAYS[local.getUTCDay()]} ${text}`;
};

/** `+05:30` */
const fromUtc = (offset: number): string => {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};

export interface ZoneTimes {
  /** `Mon 2026-11-23 09:00 +01:00`: where clocks are set back, an hour is told from the one before */
  local(at: Date): string;
  utc(at: Date): string;
  /** its clocks always show UTC */
  is_utc: boolean;
}

/** A zone that nobody knows is shown as UTC. */
export const zoneTimes = (zone: string): ZoneTimes => {
  const utc = (at: Date) => wall(at, 0);
  const known = faultsOf(() => offsetOf(zone)).length === 0;
  if (!known || zone === 'UTC') return { local: (at) => `${utc(at)} UTC`, utc, is_utc: true };
  const offset = offsetOf(zone);
  const local = (at: Date) => {
    const ahead = offset(at.getTime());
    return `${wall(at, ahead)} ${fromUtc(ahead)}`;
  };
  return { local, utc, is_utc: false };
};
