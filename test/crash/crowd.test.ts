// Many processes on one file: each job is executed once, and nobody hears of the others.
import { describe, expect, test } from '@jest/globals';
import { tempFolder } from '../support/temp.ts';
import { drainInChaos } from './chaos.ts';
import { drainInCrowd } from './crowd.ts';
import { usePrograms } from './programs.ts';
import { createWorld } from './world.ts';

const PATIENCE_MS = 120_000;
const programs = usePrograms();

describe('many processes on one file', () => {
  test(
    'eight of them execute 4,000 jobs, each once, without a complaint',
    async () => {
      const world = await createWorld(tempFolder());
      const size = { processes: 8, jobs: 4000 };
      const { faults, shares } = await drainInCrowd(programs(), world, size);
      expect(faults).toEqual([]);
      expect(shares).toHaveLength(8);
    },
    PATIENCE_MS,
  );

  test(
    'four of them, killed at random while locks expire, lose no job and record none twice',
    async () => {
      const world = await createWorld(tempFolder());
      const size = { instances: 4, jobs: 80, kills: 12 };
      const { faults, counts } = await drainInChaos(programs().child, world, size);
      expect(faults).toEqual([]);
      expect(counts).toMatchObject({ success: 80 });
    },
    PATIENCE_MS,
  );
});
