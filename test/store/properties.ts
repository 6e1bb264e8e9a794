// The state machine as a property: whatever happens in whatever order, the invariants hold.
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import type { StoreFactory, StoreUnderTest } from './contract/world.ts';
import { type Action, stories } from './properties/actions.ts';
import { type Action as ScheduleAction, scheduleStories } from './properties/schedules/actions.ts';
import { playSchedules } from './properties/schedules/story.ts';
import { play } from './properties/story.ts';

export interface PropertyOptions {
  runs: number;
  /** the same seed plays the same stories; a failure prints seed, path and the shortest story */
  seed: number;
}

/** Needs a store whose clock stands still between two calls of `advance`. */
export const storeProperties = (
  name: string,
  factory: StoreFactory,
  { runs, seed }: PropertyOptions,
): void => {
  const holds = async <Story>(
    stories: fc.Arbitrary<Story>,
    playOn: (data: StoreUnderTest, story: Story) => Promise<void>,
  ): Promise<void> => {
    const property = fc.asyncProperty(stories, async (story) => {
      const data = await factory();
      try {
        await playOn(data, story);
      } finally {
        await data.close();
      }
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: false });
  };

  describe(`store properties: ${name}`, () => {
    test('no story of creations, claims, writes, records, moves and lost time breaks an invariant', async () => {
      await holds<Action[]>(stories, play);
    }, 120_000);

    test('no story of schedules, plans, claims and clocks set back makes a slot twice, or loses one', async () => {
      await holds<ScheduleAction[]>(scheduleStories, playSchedules);
    }, 120_000);
  });
};
