// The store contract: one suite that every store passes, run against a factory of fresh data.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { alertTests } from './contract/alerts.ts';
import { batchTests } from './contract/batches.ts';
import { claimTests } from './contract/claim.ts';
import { clockBackTests } from './contract/clock_back.ts';
import { concurrencyTests } from './contract/concurrency.ts';
import { createTests } from './contract/create.ts';
import { dependencyTests } from './contract/dependencies.ts';
import { eventTests } from './contract/events.ts';
import { fenceTests } from './contract/fence.ts';
import { firingTests } from './contract/firing.ts';
import { fitsTests } from './contract/fits.ts';
import { historyTests } from './contract/history.ts';
import { inspectTests } from './contract/inspect.ts';
import { jsonTests } from './contract/json.ts';
import { learningTests } from './contract/learning.ts';
import { listTests } from './contract/list.ts';
import { lockTests } from './contract/locks.ts';
import { missedTests } from './contract/missed.ts';
import { moveTests } from './contract/move.ts';
import { orderTests } from './contract/order.ts';
import { paperTests } from './contract/papers.ts';
import { planningTests } from './contract/planning.ts';
import { planTests } from './contract/plans.ts';
import { previewTests } from './contract/preview.ts';
import { pruneTests } from './contract/prune.ts';
import { pruneSlotTests } from './contract/prune_slots.ts';
import { readOnTests } from './contract/read_on.ts';
import { recordTests } from './contract/record.ts';
import { scheduleChangeTests } from './contract/schedule_changes.ts';
import { scheduleMoveTests } from './contract/schedule_moves.ts';
import { scheduleReadTests } from './contract/schedule_reads.ts';
import { scheduleTests } from './contract/schedules.ts';
import { slotKeyTests } from './contract/slot_keys.ts';
import { slowTests } from './contract/slow.ts';
import { statsTests } from './contract/stats.ts';
import { stepTests } from './contract/steps.ts';
import { throttleTests } from './contract/throttle.ts';
import { timelineTests } from './contract/timeline.ts';
import { triggerTests } from './contract/trigger.ts';
import type { ContractTests, StoreFactory, StoreUnderTest, World } from './contract/world.ts';
import { zombieTests } from './contract/zombie.ts';

const groups: Record<string, ContractTests> = {
  claim: claimTests,
  order: orderTests,
  locks: lockTests,
  fence: fenceTests,
  zombie: zombieTests,
  record: recordTests,
  steps: stepTests,
  events: eventTests,
  create: createTests,
  dependencies: dependencyTests,
  move: moveTests,
  list: listTests,
  'read on': readOnTests,
  stats: statsTests,
  timeline: timelineTests,
  inspect: inspectTests,
  preview: previewTests,
  fits: fitsTests,
  'what is learned': learningTests,
  throttle: throttleTests,
  prune: pruneTests,
  history: historyTests,
  papers: paperTests,
  json: jsonTests,
  schedules: scheduleTests,
  'schedule reads': scheduleReadTests,
  planning: planningTests,
  plans: planTests,
  firing: firingTests,
  batches: batchTests,
  missed: missedTests,
  'clock back': clockBackTests,
  concurrency: concurrencyTests,
  'slot keys': slotKeyTests,
  'schedule moves': scheduleMoveTests,
  'schedule changes': scheduleChangeTests,
  trigger: triggerTests,
  'prune slots': pruneSlotTests,
  alerts: alertTests,
  slow: slowTests,
};

/**
 * Registers the suite. `exemptions` maps the name of a test to the reason why this store cannot
 * pass it; a name that no test has is a failure of its own.
 */
export const storeContract = (
  name: string,
  factory: StoreFactory,
  exemptions: Record<string, string> = {},
): void => {
  describe(`store contract: ${name}`, () => {
    let data: StoreUnderTest;
    let world: World;

    beforeEach(async () => {
      data = await factory();
      const { open, advance, setClock } = data;
      world = { store: await open(), open, advance, setClock };
    });
    afterEach(() => data.close());

    test('every exemption names a test of the contract', () => {
      const names = Object.values(groups).flatMap((tests) => Object.keys(tests));
      expect(new Set(names).size).toBe(names.length);
      expect(Object.keys(exemptions).filter((exempt) => !names.includes(exempt))).toEqual([]);
    });

    describe.each(Object.entries(groups))('%s', (_group, tests) => {
      for (const [sentence, run] of Object.entries(tests)) {
        const reason = exemptions[sentence];
        if (reason === undefined) test(sentence, () => run(world));
        else test.todo(`${sentence} (exempt: ${reason})`);
      }
    });
  });
};
