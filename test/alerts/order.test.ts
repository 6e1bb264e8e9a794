// Several messages at once: those of one streak keep their order.
import { describe, expect, test } from '@jest/globals';
import { answer, hang, receiver } from './receiver.ts';
import { elsewhere, failing, reasonOf, recovered, took, webhook } from './sending.ts';

describe('two messages of one streak', () => {
  /** A server that answers when it is told to. */
  const slowly = async () => {
    const waiting: (() => void)[] = [];
    let arrive = (): void => undefined;
    const first = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { url, events, received } = await receiver((response) => {
      waiting.push(() => response.end());
      arrive();
    });
    return { url, events, received, first, release: () => waiting.shift()?.() };
  };

  test('are sent one after the other: first that it fails, then that it works', async () => {
    const { url, events, first, release, received } = await slowly();
    const { send: tell } = webhook(url);
    const sending = [tell(failing, 5000), tell(recovered, 5000)];
    await first;
    const before = events();
    release();
    await sending[0];
    const last = sending[1];
    while (received.length < 2) await new Promise((resolve) => setImmediate(resolve));
    release();
    await last;
    expect(before).toEqual(['job.failing']);
    expect(events()).toEqual(['job.failing', 'job.recovered']);
  });

  test('do not share their fate', async () => {
    const { url, events } = await receiver((response, nth) =>
      answer(nth === 1 ? 404 : 200)(response, nth),
    );
    const { send: tell } = webhook(url);
    const [one, other] = await Promise.allSettled([tell(failing, 5000), tell(recovered, 5000)]);
    expect([one.status, other.status]).toEqual(['rejected', 'fulfilled']);
    expect(events()).toEqual(['job.failing', 'job.recovered']);
  });

  test('wait within their own time', async () => {
    const { url, host, events } = await receiver(hang);
    const { send: tell } = webhook(url);
    const sendings = [tell(failing, 700), tell(recovered, 700)];
    const reasons = Promise.all(sendings.map(reasonOf));
    expect(await took(reasons)).toBeLessThan(5000);
    expect(await reasons).toEqual([
      `${host} did not answer within 0.7 s`,
      expect.stringMatching(/no time left|did not answer/),
    ]);
    expect(events()[0]).toBe('job.failing');
  });

  test('of different streaks go side by side', async () => {
    const { url, received, release } = await slowly();
    const { send: tell } = webhook(url);
    const sendings = [tell(failing, 5000), tell(elsewhere, 5000)];
    while (received.length < 2) await new Promise((resolve) => setImmediate(resolve));
    release();
    release();
    await Promise.all(sendings);
  });
});
