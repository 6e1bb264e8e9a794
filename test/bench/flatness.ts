// Whether a pick takes as long among a million rows as among a thousand, whatever rows they are.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Driver from 'libsql';
import type { ClaimRequest } from '../../src/core/claim.ts';
import type { Fence } from '../../src/core/job.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { claimRequest, succeeded } from '../support/jobs.ts';
import { pickOne } from '../support/store.ts';
import { type Crowd, makeCrowd } from './crowd.ts';
import { type Bench, digits, type Figure, median } from './figures.ts';
import { withFolder } from './scratch.ts';

const FEW = 1000;
const SAMPLES = 200;
const WARM_UP = 20;
/** One crowd is not sampled for longer, once there are LEAST_SAMPLES. */
const LONGEST_MS = 20_000;
const LEAST_SAMPLES = 20;

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
  job_types: ['bench', 'custom', 'http_request', 'maintenance', 'paper_fetch'],
};

/** Puts a job back as it was before it was picked, so that the population stays. */
const openUndo = (path: string) => {
  const driver = new Driver(path, { timeout: 30_000 });
  driver.exec('PRAGMA synchronous = OFF');
  const statements = [
    'DELETE FROM cloud_job_executions WHERE execution_id = :execution_id',
    'DELETE FROM cloud_job_events WHERE job_id = :job_id AND execution_id = :execution_id',
    `UPDATE cloud_jobs SET status = 'waiting', locked_at = NULL, locked_by = NULL,
       lock_expires_at = NULL, last_execution = NULL, finished_at = NULL, lock_epoch = 0
     WHERE job_id = :job_id AND :execution_id <> ''`,
  ].map((sql) => driver.prepare(sql));
  return {
    undo: ({ job_id, execution_id }: Fence): void => {
      for (const statement of statements) statement.run({ job_id, execution_id });
    },
    close: (): void => {
      driver.close();
    },
  };
};

type Times = Record<'pick' | 'record' | 'empty' | 'sweep' | 'stats' | 'list', number[]>;

const openSide = async (path: string) => {
  const store = await openSqlite(path);
  const { undo, close } = openUndo(path);
  const times: Times = { pick: [], record: [], empty: [], sweep: [], stats: [], list: [] };
  const timed = async <T>(name: keyof Times, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const answer = await work();
    times[name].push(performance.now() - began);
    return answer;
  };
  return { path, store, undo, close, times, timed };
};
type Side = Awaited<ReturnType<typeof openSide>>;

const pickAndRecord = async ({ store, undo, timed }: Side): Promise<void> => {
  const pick = await timed('pick', () => pickOne(store, asking));
  const { verdicts } = await timed('record', () => store.recordExecutions([succeeded(pick)]));
  undo(pick.fence);
  if (verdicts[0] !== 'recorded') throw new Error('the pick was lost while it was measured');
};

/** A claim that finds nothing due: all that is due has a priority below the range. */
const claimNothing = async ({ store, timed }: Side): Promise<void> => {
  const priority = { min: 1, max: 32_767 };
  const nothing = claimRequest({ ...asking, priority });
  const { picks } = await timed('empty', () => store.claimJobs(nothing));
  if (picks.length > 0) throw new Error('a claim that should find nothing picked a job');
};

const sweep = async ({ store, timed }: Side): Promise<void> => {
  const released = await timed('sweep', () => store.releaseExpired(20));
  if (released.length > 0) throw new Error('a live lock was released');
};

const readAll = async ({ store, timed }: Side): Promise<void> => {
  await timed('stats', () => store.stats());
  await timed('list', () => store.listJobs({ limit: 50 }));
};

const forget = ({ times }: Side): void => {
  for (const list of Object.values(times)) list.length = 0;
};

/** The same on both files in turn, so that what else the machine does hits both alike. */
const sample = async (sides: [Side, Side], crowd: Crowd): Promise<void> => {
  const end = performance.now() + LONGEST_MS;
  for (let round = 0; round < SAMPLES + WARM_UP; round += 1) {
    if (round === WARM_UP) sides.forEach(forget);
    if (round >= WARM_UP + LEAST_SAMPLES && performance.now() > end) break;
    const order = round % 2 === 0 ? sides : sides.toReversed();
    for (const side of order) {
      await pickAndRecord(side);
      if (crowd === 'future' || crowd === 'levels') await claimNothing(side);
      if (crowd === 'locked') await sweep(side);
    }
  }
  for (let round = 0; round < 3; round += 1) for (const side of sides) await readAll(side);
};

const labels: Partial<Record<keyof Times, string>> = {
  pick: 'pick',
  record: 'record',
  empty: 'claim of nothing',
  sweep: 'sweep of nothing',
};

const compare = ([crowd, name]: [Crowd, string], [few, many]: [Side, Side]): Figure[] => {
  const measured = Object.keys(few.times) as (keyof Times)[];
  return measured
    .filter((what) => few.times[what].length > 0)
    .map((what) => {
      const [small, large] = [median(few.times[what]), median(many.times[what])];
      const note = `p50 ${digits(small)} → ${digits(large)} ms`;
      const label = labels[what] ?? what;
      const ratio: Figure = { name: `${name}: ${label}`, value: large / small, unit: '×', note };
      // Many levels cost what they cost; the aim is about rows.
      return what === 'pick' && crowd !== 'levels' ? { ...ratio, aim: { at_most: 1.5 } } : ratio;
    });
};

const measureCrowd = async (
  folder: string,
  crowd: [Crowd, string],
  rows: number,
): Promise<Figure[]> => {
  const paths = [join(folder, 'few.db'), join(folder, 'many.db')] as const;
  makeCrowd(paths[0], crowd[0], FEW);
  makeCrowd(paths[1], crowd[0], rows);
  const sides: [Side, Side] = [await openSide(paths[0]), await openSide(paths[1])];
  try {
    await sample(sides, crowd[0]);
    return compare(crowd, sides);
  } finally {
    for (const { path, store, close } of sides) {
      close();
      await store.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    }
  }
};

/** BENCH_ROWS = rows of the large crowd; a million unless given. */
export const flatness: Bench = (say) =>
  withFolder(async (folder) => {
    const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
    if (!Number.isSafeInteger(rows) || rows < FEW) {
      throw new Error(`BENCH_ROWS is "${process.env.BENCH_ROWS}"; expected ${FEW} or more`);
    }
    const figures: Figure[] = [];
    for (const crowd of crowds) {
      say(`${FEW} and ${rows} rows ${crowd[1]}`);
      figures.push(...(await measureCrowd(folder, crowd, rows)));
    }
    return figures;
  });
