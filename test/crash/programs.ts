// The programs of one test file: bundled before its tests, gone after them, and so are the processes.
import { afterAll, beforeAll } from '@jest/globals';
import { bundlePrograms, type Programs } from './bundle.ts';
import { killAll } from './launch.ts';

/** Answers a function, since the programs are there only once the tests begin. */
export const usePrograms = (): (() => Programs) => {
  let programs: Programs | undefined;
  beforeAll(async () => {
    programs = await bundlePrograms();
  });
  afterAll(() => {
    killAll();
    programs?.remove();
  });
  return () => {
    if (programs === undefined) throw new Error('the programs are not bundled yet');
    return programs;
  };
};
