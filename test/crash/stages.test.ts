// A process killed at each stage of an execution, and anywhere in a busy drain: each time at the very
// instruction, or at a random moment.
import { describe, expect, test } from '@jest/globals';
import { tempFolder } from '../support/temp.ts';
import { blowsAnywhere, blowsAt } from './blows.ts';
import { type Blow, killRound } from './kill_round.ts';
import { usePrograms } from './programs.ts';
import { stages } from './stages.ts';
import { createWorld } from './world.ts';

const PATIENCE_MS = 180_000;

const programs = usePrograms();

/** One database takes all the blows, one after another. */
const expectUnharmed = async (blows: Blow[]): Promise<void> => {
  const world = await createWorld(tempFolder());
  let jobIds: string[] = [];
  for (const blow of blows) {
    const round = await killRound(programs().child, world, jobIds, blow);
    expect(round.faults).toEqual([]);
    ({ jobIds } = round);
  }
};

describe('a process killed', () => {
  test.concurrent.each(stages)(
    '%s, twenty times, loses no job and records none twice',
    (stage) => expectUnharmed(blowsAt(stage, 20)),
    PATIENCE_MS,
  );

  test.concurrent(
    'anywhere in a busy drain, twenty times, loses no job and records none twice',
    () => expectUnharmed(blowsAnywhere(20)),
    PATIENCE_MS,
  );
});
