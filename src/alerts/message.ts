// What a webhook is sent of an alert: a sentence for people under `text`, where Slack looks for it, and
// the same in fields for programs.
import type { Alert } from '../core/alerting.ts';
import { cut, duration, moment, quoted, slackText } from './words.ts';

/** Takes out of a text what nobody outside may read. */
export type Mask = (text: string) => string;

export type Message = { text: string; event: string } & Record<string, unknown>;

type OfStreak = Extract<Alert, { subject: string }>;
type Slow = Extract<Alert, { kind: 'slow' }>;
type Expired = Extract<Alert, { kind: 'lock_expired' }>;

const ERROR_LENGTH = 500;
const MOST_EXPIRED = 20;
/** Names that a sentence bears. */
const MOST_NAMED = 5;

const OF_SCHEDULE = 'schedule:';

/** The schedule whose failures were counted; null = they were counted by type. */
const scheduleIdOf = ({ subject }: OfStreak): string | null =>
  subject.startsWith(OF_SCHEDULE) ? subject.slice(OF_SCHEDULE.length) : null;

const failed = ({ failures, since }: OfStreak): string =>
  failures === 1
    ? `failed at ${moment(since)}`
    : `failed ${failures} times in a row since ${moment(since)}`;

const ofStreak = (alert: OfStreak) => {
  const { name, job_id, job_type, failures, since } = alert;
  const schedule_id = scheduleIdOf(alert);
  const who = schedule_id === null ? `Job type ${quoted(job_type)}` : `Schedule ${quoted(name)}`;
  return { who, fields: { name, job_id, job_type, schedule_id, failures, since } };
};

const failing = (alert: OfStreak, mask: Mask): Message => {
  const { who, fields } = ofStreak(alert);
  // Masked before it is cut, or the half of a secret would stay.
  const error = alert.error_message === null ? null : cut(mask(alert.error_message), ERROR_LENGTH);
  const why = error === null ? '' : `: ${error}`;
  const text = `${who} ${failed(alert)}, last in job ${fields.job_id}${why}`;
  return { text, event: 'job.failing', ...fields, error_message: error };
};

const recovered = (alert: OfStreak): Message => {
  const { who, fields } = ofStreak(alert);
  const text = `${who} works again, as job ${fields.job_id} shows; it had ${failed(alert)}`;
  return { text, event: 'job.recovered', ...fields };
};

const slow = (alert: Slow): Message => {
  const { kind: _, duration_seconds, usual_seconds, ...of } = alert;
  const took = `${duration(duration_seconds)}, ${duration(usual_seconds)} being usual`;
  const text = `Job ${quoted(of.name)} (${of.job_id}) took ${took} for type ${quoted(of.job_type)}`;
  return { text, event: 'job.slow', ...of, duration_seconds, usual_seconds };
};

const expiredText = ({ expired }: Expired): string => {
  const [first] = expired;
  if (first !== undefined && expired.length === 1) {
    const { name, job_id, held_by, job_status } = first;
    return `The lock of job ${quoted(name)} (${job_id}) expired, held by ${quoted(held_by)}; the job is now ${job_status}`;
  }
  const named = expired.slice(0, MOST_NAMED).map(({ name }) => quoted(name));
  const more = expired.length > named.length ? ` and ${expired.length - named.length} more` : '';
  return `The locks of ${expired.length} jobs expired: ${named.join(', ')}${more}`;
};

const lockExpired = (alert: Expired): Message => {
  const { name, job_id, expired } = alert;
  const fields = { name, job_id, expired_count: expired.length };
  const text = expiredText(alert);
  return { text, event: 'lock.expired', ...fields, expired: expired.slice(0, MOST_EXPIRED) };
};

const plain = (alert: Alert, mask: Mask): Message => {
  switch (alert.kind) {
    case 'failing':
      return failing(alert, mask);
    case 'recovered':
      return recovered(alert);
    case 'slow':
      return slow(alert);
    case 'lock_expired':
      return lockExpired(alert);
  }
};

/** Everything is bounded in length; dates are ISO texts once it is JSON. */
export const messageOf = (alert: Alert, mask: Mask): Message => {
  const { text, ...fields } = plain(alert, mask);
  return { text: slackText(text), ...fields };
};
