// A message under way when its streak ends.
import { expect, test } from '@jest/globals';
import type { Alert } from '../../src/core/alerting.ts';
import { settle } from '../support/clock.ts';
import { createLine, demo } from './line.ts';

test('a message that arrives after its streak has ended does not count for the next streak', async () => {
  const line = await createLine([
    demo(({ job }) => {
      if (job.name !== 'good') throw new Error('no');
    }),
  ]);
  const told: Alert[] = [];
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const send = (alert: Alert) => {
    told.push(alert);
    return opened;
  };
  const drain = () => line.start({}, { alerting: { after: 3, slow_times: 5, send } });
  for (const name of ['a', 'b', 'c', 'good']) {
    await line.create({ name, max_retries: 0, priority: name === 'good' ? -1 : 0 });
  }
  const first = drain();
  while (line.eventsNamed('job.recorded').length < 4) await settle();
  await line.clock.advance(1000);
  await line.create({ name: 'd', max_retries: 0 });
  await line.until(drain());
  open();
  await line.until(first);
  for (const name of ['e', 'f']) await line.create({ name, max_retries: 0 });
  await line.until(drain());
  expect(told.map(({ kind }) => kind)).toEqual(['failing', 'recovered', 'failing']);
});
