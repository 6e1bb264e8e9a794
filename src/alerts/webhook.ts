// Telling people by a webhook: each alert is one POST of JSON.
import type { Alert, Alerting } from '../core/alerting.ts';
import { type Mask, messageOf } from './message.ts';
import { addressOf, post } from './post.ts';

interface WebhookOptions extends Pick<Alerting, 'after' | 'slow_times'> {
  /** http or https, maybe with user and password */
  url: string;
  mask: Mask;
}

/** `waited`: some of its time has gone by since it was asked for. */
type Begin = (waited: boolean) => Promise<void>;

/** What must be heard in its order: that something fails, and that it works again. */
const streakOf = (alert: Alert): string | null => ('subject' in alert ? alert.subject : null);

export const createWebhook = ({ url, after, slow_times, mask }: WebhookOptions): Alerting => {
  const address = addressOf(url);
  const last = new Map<string, Promise<void>>();

  /** After what is still being sent of the same streak, however that ends. */
  const inTurn = async (streak: string, begin: Begin): Promise<void> => {
    const before = last.get(streak);
    const sending = before?.catch(() => undefined).then(() => begin(true)) ?? begin(false);
    last.set(streak, sending);
    try {
      await sending;
    } finally {
      if (last.get(streak) === sending) last.delete(streak);
    }
  };

  return {
    after,
    slow_times,
    send: (alert, within_ms) => {
      const ends = performance.now() + within_ms;
      const body = JSON.stringify(messageOf(alert, mask));
      const begin: Begin = (waited) =>
        post(address, body, waited ? Math.max(0, ends - performance.now()) : within_ms);
      const streak = streakOf(alert);
      return streak === null ? begin(false) : inTurn(streak, begin);
    },
  };
};
