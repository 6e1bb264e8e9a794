// paper_fetch, killed at random moments against a real HTTP server.
import { describe, expect, test } from '@jest/globals';
import { tempFolder } from '../support/temp.ts';
import { paperRound } from './papers_round.ts';
import { usePrograms } from './programs.ts';

const ROUNDS = 20;
const AT_ONCE = 5;
const programs = usePrograms();

describe('a paper_fetch killed at a random moment', () => {
  test(`keeps each paper once, ${ROUNDS} times`, async () => {
    let lostInAll = 0;
    for (let round = 0; round < ROUNDS; round += AT_ONCE) {
      const folder = tempFolder();
      const rounds = Array.from({ length: AT_ONCE }, () => paperRound(programs().child, folder));
      for (const { faults, lost } of await Promise.all(rounds)) {
        expect(faults).toEqual([]);
        lostInAll += lost;
      }
    }
    // Some blows fall when all is done; most must hit, or nothing was tried.
    expect(lostInAll).toBeGreaterThan(ROUNDS / 4);
  }, 120_000);
});
