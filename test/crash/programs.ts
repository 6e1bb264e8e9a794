// The programs of a run, for one test file; processes that its tests left running are gone after them.
import { afterAll, beforeAll } from '@jest/globals';
import { shared } from '../support/servers/desk.ts';
import type { Programs } from './bundle.ts';
import { killAll } from './launch.ts';

/** Answers a function, since the programs are there only once the tests begin. */
export const usePrograms = (): (() => Programs) => {
  let programs: Programs | undefined;
  beforeAll(async () => {
    programs = await shared('programs');
  });
  afterAll(killAll);
  return () => {
    if (programs === undefined) throw new Error('the programs are not bundled yet');
    return programs;
  };
};
