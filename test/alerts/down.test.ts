// Webhooks that do not do what they should: no job ends otherwise for it, and people are told later.
import { describe, expect, test } from '@jest/globals';
import { freePort } from '../support/servers/ports.ts';
import { detailOf } from '../support/store.ts';
import { answer, fine, hang, receiver, TOKEN } from './receiver.ts';
import { world } from './world.ts';

const three = ['a', 'b', 'c'];
const failed = (count: number) => Array(count).fill('failed');

/** No server has this address. */
const nobody = async () => `http://127.0.0.1:${await freePort()}/services/${TOKEN}`;
const replying = (reply: Parameters<typeof receiver>[0]) => async () => (await receiver(reply)).url;

describe.each([
  ['refuses connections', nobody, {}, /^127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)$/],
  ['answers 500', replying(answer(500)), {}, /^127\.0\.0\.1:\d+ answered 500$/],
  ['answers 404', replying(answer(404)), {}, /^127\.0\.0\.1:\d+ answered 404$/],
  [
    'hangs',
    replying(hang),
    { time_left_ms: 2000 },
    /^127\.0\.0\.1:\d+ did not answer within [\d.]+ s$/,
  ],
] as const)('a webhook that %s', (_, urlOf, given, reason) => {
  test('changes no outcome, and keeps no drain beyond its time', async () => {
    const { drain, untold, store } = await world(await urlOf());
    const began = performance.now();
    expect(await drain([...three, 'd', 'good'], given)).toEqual([...failed(4), 'success']);
    expect(performance.now() - began).toBeLessThan(4000);
    const said = untold();
    expect(said.map(({ kind }) => kind)).toEqual(['failing', 'recovered']);
    expect(said[0]!.reason).toMatch(reason);
    expect(JSON.stringify(said)).not.toContain(TOKEN);
    for (const { job_id } of await store.listJobs({ limit: 10 })) {
      const { executions } = await detailOf(store, job_id);
      expect(executions).toHaveLength(1);
      expect(executions[0]!.status).toMatch(/^(success|failed)$/);
    }
  });
});

describe('people whom a message did not reach', () => {
  /** Down until it is mended. */
  const patchy = async () => {
    let down = true;
    const server = await receiver((response, nth) =>
      down ? answer(404)(response, nth) : fine(response, nth),
    );
    const mend = () => {
      down = false;
    };
    return { ...server, mend };
  };

  test('are told by another failure, a minute later at the soonest, and then no more', async () => {
    const { url, received, mend } = await patchy();
    const { drain, advance } = await world(url);
    await drain(three);
    expect(received).toHaveLength(1);
    mend();
    await advance(59);
    await drain(['d']);
    expect(received).toHaveLength(1);
    await advance(1);
    await drain(['e']);
    expect(received).toHaveLength(2);
    expect(received[1]!.message).toMatchObject({ event: 'job.failing', name: 'e', failures: 5 });
    await advance(3600);
    await drain(['f']);
    expect(received).toHaveLength(2);
  });

  test('are told of the end all the same', async () => {
    const { url, events, mend } = await patchy();
    const { drain } = await world(url);
    await drain(three);
    mend();
    await drain(['good']);
    expect(events()).toEqual(['job.failing', 'job.recovered']);
  });
});
