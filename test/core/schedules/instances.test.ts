// Fifty instances that wake at the same moment, each with a connection of its own: one job a slot.
import { expect, test } from '@jest/globals';
import { createRegistry } from '../../../src/core/definition.ts';
import { openSqlite } from '../../../src/stores/sqlite/open.ts';
import { demo } from '../line.ts';
import { decided, HOUR, scene } from './scene.ts';

test('fifty instances woken after an outage make each slot once', async () => {
  const did: string[] = [];
  const registry = createRegistry([demo(({ job }) => did.push(job.job_id))]);
  const line = await scene();
  for (let i = 0; i < 4; i += 1) {
    await line.schedule({ name: `schedule ${i}`, missed: 'all', config: { i } });
  }
  await line.clock.advance(4 * HOUR);
  const began = Date.UTC(2031, 4, 17, 9, 30);
  const stores = await Promise.all(
    Array.from({ length: 50 }, () =>
      openSqlite(line.path, { now: () => new Date(began + line.clock.now()) }),
    ),
  );
  const tallies = await line.until(
    Promise.all(
      stores.map((store, at) => line.start({}, { store, registry, instance_id: `instance-${at}` })),
    ),
  );
  for (const store of stores) await store.close();
  const fired = tallies.reduce((sum, { slots }) => sum + (slots.fired ?? 0), 0);
  expect(fired).toBe(16);
  expect(did).toHaveLength(16);
  expect(new Set(did).size).toBe(16);
  for (let i = 0; i < 4; i += 1) {
    expect(decided(await line.ledger(`schedule ${i}`))).toEqual(
      ['10:00', '11:00', '12:00', '13:00'].map((at) => `${at} fired due`),
    );
  }
});
