// Tests that need what a machine may not have: loudly skipped on a laptop, a failure in CI.
import { describe } from '@jest/globals';

/** `describe`, unless something is missing; then the reason stands in its name. */
export const describeUnless = (
  missing: string | undefined,
  name: string,
  tests: () => void,
): void => {
  if (missing === undefined) return void describe(name, tests);
  if (process.env.CI) throw new Error(`${name} cannot be tested, and in CI it must be: ${missing}`);
  process.stderr.write(`SKIPPED: ${name}, since ${missing}\n`);
  describe.skip(`${name} (SKIPPED, since ${missing})`, tests);
};
