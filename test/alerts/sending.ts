// What tests of sending share: two alerts, a webhook for them, and why one did not get through.
import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { createWebhook } from '../../src/alerts/webhook.ts';
import type { Alert } from '../../src/core/alerting.ts';

const since = new Date('2031-05-17T09:30:00Z');
const of = { job_id: 'j-1', name: 'nightly', job_type: 'demo' };
const streak = { ...of, subject: 'type:demo', failures: 3, since };
export const failing: Alert = { kind: 'failing', error_message: 'no & never', ...streak };
export const recovered: Alert = { kind: 'recovered', error_message: null, ...streak };
/** Of another streak. */
export const elsewhere: Alert = {
  kind: 'recovered',
  error_message: null,
  ...streak,
  subject: 'type:other',
};

export const webhook = (url: string) =>
  createWebhook({ url, after: 3, slow_times: 5, mask: (text) => text });
export const send = (url: string, within_ms = 5000, alert = failing) =>
  webhook(url).send(alert, within_ms);

/** Why it did not get through; whatever it shows of itself holds nothing of the address but its host. */
export const reasonOf = async (sending: Promise<void>): Promise<string> => {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it got through');
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2|services|secret/);
  return error.message;
};

export const took = async (what: Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await what;
  return performance.now() - began;
};
