// The behaviour of a function, the same on every host: from its sources, and as it is shipped.
import { describe, test } from '@jest/globals';
import { answers } from './behaviour/answers.ts';
import { crowd } from './behaviour/crowd.ts';
import { log } from './behaviour/log.ts';
import { misbehaviour } from './behaviour/misbehaviour.ts';
import { refusals } from './behaviour/refusals.ts';
import { time } from './behaviour/time.ts';
import type { Host } from './hosts/host.ts';

/** By the sentence that says what a function does. */
export type Behaviours = Record<string, (host: Host) => Promise<void>>;

const all: Behaviours = { ...answers, ...refusals, ...log, ...crowd, ...time, ...misbehaviour };

/**
 * Runs every behaviour on a host. `exempt` gives the reason for each that this host is spared; a name
 * that is no behaviour's is a mistake.
 */
export const behavesOn = (host: Host, exempt: Record<string, string> = {}): void => {
  const unknown = Object.keys(exempt).filter((name) => !(name in all));
  if (unknown.length > 0) throw new Error(`no such behaviour: ${unknown.join('; ')}`);
  describe(`a function on ${host.name}`, () => {
    for (const [name, behave] of Object.entries(all)) {
      if (!(name in exempt)) test.concurrent(name, () => behave(host), 40_000);
    }
  });
};
