// The state machine as a property: whatever happens in whatever order, the invariants hold.
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import type { StoreFactory } from './contract/world.ts';
import { type Action, stories } from './properties/actions.ts';
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
  describe(`store properties: ${name}`, () => {
    test('no story of creations, claims, writes, records, moves and lost time breaks an invariant', async () => {
      const property = fc.asyncProperty(stories, async (actions: Action[]) => {
        const data = await factory();
        try {
          await play(data, actions);
        } finally {
          await data.close();
        }
      });
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: false });
    }, 120_000);
  });
};
