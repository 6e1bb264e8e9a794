// The moments of an execution at which a process may be killed, and the hooks that stand there.
import Driver from 'libsql';
import type { Store } from '../../src/core/store.ts';

/**
 * `inside the pick` and `inside the record`: everything is written, nothing is committed.
 * `inside a step`: its code has done its work, its output is not saved.
 */
export const stages = [
  'inside the pick',
  'after the pick',
  'inside a step',
  'after a step',
  'before the record',
  'inside the record',
  'after the record',
] as const;
export type Stage = (typeof stages)[number];

/** Called at the very instruction. */
export type Reach = (stage: Stage) => void;

/** Calls `hook` right before each COMMIT of this process. */
const beforeCommits = (hook: () => void): void => {
  const exec = Driver.prototype.exec;
  Driver.prototype.exec = function execHooked(this: Driver.Database, sql: string) {
    if (sql === 'COMMIT') hook();
    return exec.call(this, sql);
  };
};

/** The same store, telling `reach` where each pick and record stands. Once per process. */
export const staged = (store: Store, reach: Reach): Store => {
  // While a pick or a record is under way nothing else of this process is long enough to commit.
  let inside: Stage | null = null;
  beforeCommits(() => {
    if (inside !== null) reach(inside);
  });
  const during = async <T>(stage: Stage, send: () => Promise<T>): Promise<T> => {
    inside = stage;
    try {
      return await send();
    } finally {
      inside = null;
    }
  };
  return {
    ...store,
    claimJobs: async (request) => {
      const claim = await during('inside the pick', () => store.claimJobs(request));
      if (claim.picks.length > 0) reach('after the pick');
      return claim;
    },
    recordExecutions: async (records, next) => {
      reach('before the record');
      const recorded = await during('inside the record', () =>
        store.recordExecutions(records, next),
      );
      reach('after the record');
      if (recorded.claim?.picks.length) reach('after the pick');
      return recorded;
    },
  };
};
