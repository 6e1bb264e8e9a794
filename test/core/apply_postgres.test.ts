// Applying a file of schedules to a real Postgres: as many as one call is to hold, in any letters.
import { expect, test } from '@jest/globals';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { databaseEnv, demo, runnerWith } from '../support/runner.ts';

const letters = ['a', 'B', 'ä', 'Z', '_', '-', ' ', 'é', '語', '😀'];

/** More than are read at once; few times to plan, so that it is quick. */
const many = Array.from({ length: 520 }, (_, at) => ({
  name: `${letters[at % letters.length]}schedule ${at}`,
  job_type: 'demo',
  schedule_expression: `${at % 60} 3 * * *`,
  config: { b: [1, { y: 'x'.repeat(100), x: 0.1 }], a: at },
  retry_delay_seconds: 0.1,
}));

describePostgres('hundreds of schedules', () => {
  test('are created, changed, deleted, and are as the file has them when it is applied again', async () => {
    const { url } = await newDatabase(migrated);
    const { schedules } = await runnerWith(databaseEnv(url), { jobs: [demo(() => undefined)] });
    const apply = (wanted: object[], prune = false) =>
      schedules.apply({ schedules: wanted }, { prune });
    expect(await apply(many)).toMatchObject({ created: 520, unchanged: 0 });
    expect(await apply(many)).toMatchObject({ changes: [], unchanged: 520 });
    const planned = await schedules.list({ limit: 2000 });
    expect(planned.filter(({ next_execution }) => next_execution !== null)).toHaveLength(520);
    const rest = many.slice(0, 500).map((each) => ({ ...each, timezone: 'Asia/Kolkata' }));
    expect(await apply(rest, true)).toMatchObject({ changed: 500, deleted: 20 });
    expect(await apply(rest, true)).toMatchObject({ changes: [], unchanged: 500 });
  }, 120_000);

  test('are refused to the later of two who apply the same at once, and written once', async () => {
    const { url } = await newDatabase(migrated);
    const options = { jobs: [demo(() => undefined)] };
    const one = await runnerWith(databaseEnv(url), options);
    const other = await runnerWith(databaseEnv(url), options);
    const content = { schedules: many.slice(0, 50) };
    const ended = await Promise.allSettled(
      [one, other].map(({ schedules }) => schedules.apply(content)),
    );
    const refused = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    for (const { message } of refused)
      expect(message).toContain('changed by someone else just now');
    expect(refused.length).toBeLessThan(2);
    expect(await one.schedules.list({ limit: 100 })).toHaveLength(50);
  });
});
