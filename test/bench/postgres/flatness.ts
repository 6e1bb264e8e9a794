// Whether a pick takes as long among a million rows as among a thousand, whatever rows they are.
import pg from 'pg';
import type { ClaimRequest } from '../../../src/core/claim.ts';
import type { Fence } from '../../../src/core/job.ts';
import type { Store } from '../../../src/core/store.ts';
import { migratePostgres } from '../../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../../src/stores/postgres.ts';
import { claimRequest, succeeded } from '../../support/jobs.ts';
import { pickOne } from '../../support/store.ts';
import { digits, type Figure, median } from '../figures.ts';
import { type Crowd, fillCrowd } from './crowd.ts';
import type { Part } from './part.ts';
import type { World } from './world.ts';

const FEW = 1000;
const WARM_UP = 20;

const crowds: [Crowd, string][] = [
  ['waiting', 'waiting'],
  ['finished', 'finished'],
  ['future', 'due tomorrow at high priority'],
  ['levels', 'due tomorrow at 1,000 high priorities'],
  ['blocked', 'blocked'],
  ['others', 'of other types'],
  ['locked', 'locked by others'],
];

const asking: Partial<ClaimRequest> = {
  instance_id: 'bench',
  job_types: ['custom', 'http_request', 'maintenance', 'paper_fetch'],
};

const labels = { pick: 'pick', record: 'record', empty: 'claim of nothing' };
type What = keyof typeof labels;

interface Side {
  store: Store;
  /** to put jobs back with */
  client: pg.Client;
  times: Record<What, number[]>;
}

/** Puts a job back as it was before it was picked, so that the population stays. */
const undo = async (client: pg.Client, { job_id, execution_id }: Fence): Promise<void> => {
  await client.query('DELETE FROM cloud_job_executions WHERE execution_id = $1', [execution_id]);
  await client.query(
    `UPDATE cloud_jobs SET status = 'waiting', locked_at = NULL, locked_by = NULL,
       lock_expires_at = NULL, last_execution = NULL, finished_at = NULL, lock_epoch = 0,
       last_event_id = 1
     WHERE job_id = $1`,
    [job_id],
  );
};

const openSide = async (world: World, crowd: Crowd, rows: number): Promise<Side> => {
  const url = await world.database(`${crowd} ${rows}`, async (empty) => {
    await migratePostgres(empty);
    await fillCrowd(empty, crowd, rows);
  });
  const client = new pg.Client(url);
  await client.connect();
  await client.query('SET synchronous_commit = off');
  return { store: await openPostgres(url), client, times: { pick: [], record: [], empty: [] } };
};

const timed = async <T>(times: number[], work: () => Promise<T>): Promise<T> => {
  const began = performance.now();
  const answer = await work();
  times.push(performance.now() - began);
  return answer;
};

const sampleOnce = async ({ store, client, times }: Side): Promise<void> => {
  const pick = await timed(times.pick, () => pickOne(store, asking));
  const { verdicts } = await timed(times.record, () => store.recordExecutions([succeeded(pick)]));
  await undo(client, pick.fence);
  if (verdicts[0] !== 'recorded') throw new Error('the pick was lost while it was measured');
  // All that is due has a priority below this range.
  const above = claimRequest({ ...asking, priority: { min: 1, max: 32_767 } });
  const { picks } = await timed(times.empty, () => store.claimJobs(above));
  if (picks.length > 0) throw new Error('something was due that should not have been');
};

/** The same on both sides in turn, so that what else the machine does hits both alike. */
const sample = async (sides: [Side, Side], samples: number): Promise<void> => {
  for (let round = 0; round < samples + WARM_UP; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      if (round === WARM_UP) for (const list of Object.values(side.times)) list.length = 0;
      await sampleOnce(side);
    }
  }
};

const compare = ([crowd, name]: [Crowd, string], [few, many]: [Side, Side]): Figure[] =>
  (Object.keys(labels) as What[]).map((what) => {
    const [small, large] = [median(few.times[what]), median(many.times[what])];
    const figure: Figure = {
      name: `${name}: ${labels[what]}`,
      value: large / small,
      unit: '×',
      note: `p50 ${digits(small)} → ${digits(large)} ms`,
    };
    // Many levels cost what they cost; the aim is about rows.
    return what === 'pick' && crowd !== 'levels' ? { ...figure, aim: { at_most: 1.5 } } : figure;
  });

/** BENCH_ROWS = rows of the large crowd; a million unless given. */
export const flatness: Part = async (world, { say, quick }) => {
  const rows = Number(process.env.BENCH_ROWS ?? (quick ? 20_000 : 1_000_000));
  await world.set('autovacuum', 'off');
  const figures: Figure[] = [];
  for (const crowd of crowds) {
    say(`${FEW} and ${rows} rows ${crowd[1]}`);
    const few = await openSide(world, crowd[0], FEW);
    const many = await openSide(world, crowd[0], rows);
    await world.checkpoint();
    await sample([few, many], quick ? 40 : 200);
    figures.push(...compare(crowd, [few, many]));
    for (const { store, client } of [few, many]) {
      await client.end();
      await store.close();
    }
    await world.drop(`${crowd[0]} ${rows}`);
  }
  await world.set('autovacuum', 'on');
  return figures;
};
