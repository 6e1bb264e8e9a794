// Functions for the tests of one file.
import { afterAll, beforeAll } from '@jest/globals';
import { killAll } from '../../crash/launch.ts';
import { type Functions, makeFunctions } from './functions.ts';

/** Answers a function, since they are there only once the tests begin. */
export const useFunctions = (...wanted: Parameters<typeof makeFunctions>): (() => Functions) => {
  let functions: Functions | undefined;
  beforeAll(async () => {
    functions = await makeFunctions(...wanted);
  });
  afterAll(() => {
    killAll();
    functions?.remove();
  });
  return () => {
    if (functions === undefined) throw new Error('the functions are not made yet');
    return functions;
  };
};
