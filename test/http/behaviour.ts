// The behaviour of the HTTP API, the same wherever it runs: one list of sentences, played on every host.
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { access } from './behaviour/access.ts';
import { browsers } from './behaviour/browsers.ts';
import { creating } from './behaviour/creating.ts';
import { earlier } from './behaviour/earlier.ts';
import { events } from './behaviour/events.ts';
import { figures } from './behaviour/figures.ts';
import type { ApiHost } from './behaviour/hosts/host.ts';
import { idempotency } from './behaviour/idempotency.ts';
import { reading } from './behaviour/reading.ts';
import { refusals } from './behaviour/refusals.ts';
import { schedules } from './behaviour/schedules.ts';
import { openStage, type Stage } from './behaviour/stage.ts';
import { steering } from './behaviour/steering.ts';

/** By the sentence that says what the API does. */
export type Behaviours = Record<string, (stage: Stage) => Promise<void>>;

const all: Behaviours = {
  ...creating,
  ...idempotency,
  ...reading,
  ...steering,
  ...schedules,
  ...events,
  ...figures,
  ...earlier,
  ...access,
  ...refusals,
  ...browsers,
};

/**
 * Plays every sentence on a host, one after the other on one process. `exempt` gives the reason for each
 * that this host is spared; a name that is no sentence is a mistake.
 */
export const servesOn = (host: ApiHost, exempt: Record<string, string> = {}): void => {
  const unknown = Object.keys(exempt).filter((name) => !(name in all));
  if (unknown.length > 0) throw new Error(`no such behaviour: ${unknown.join('; ')}`);
  describe(`the API on ${host.name}`, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(host);
    });
    afterAll(() => stage?.close());
    for (const [name, behave] of Object.entries(all)) {
      if (!(name in exempt)) test(name, () => behave(stage));
    }
  });
};
