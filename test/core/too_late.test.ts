// A pick that took so long that no time is left to work.
import { expect, test } from '@jest/globals';
import { jobOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

test('code is not begun when its time is over before it starts: the job is given back', async () => {
  let begun = false;
  let late = 0;
  const line = await createLine(
    [
      demo(() => {
        begun = true;
      }),
    ],
    {
      faults: ({ method }) => {
        if (method === 'claimJobs') late = 2500;
        return undefined;
      },
    },
  );
  const { turn, now, after } = line.clock;
  const id = await line.create({ max_retries: 0 });
  const clock = { turn, after, now: () => now() + late };
  const tally = await line.until(line.start({ time_left_ms: 3000 }, { clock }));
  expect(begun).toBe(false);
  expect(tally).toMatchObject({ picked: 1, stopped: 'deadline', outcomes: { yielded: 1 } });
  expect(tally.executions[0]?.error_message).toBe("stopped before the platform's deadline");
  expect(await jobOf(line.store, id)).toMatchObject({ status: 'waiting', current_retries: 0 });
});
