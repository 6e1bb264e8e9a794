// What the processes of one scenario share: a database, its clock, and the traces that jobs leave.
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Fence } from '../../src/core/job.ts';
import type { Store } from '../../src/core/store.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';

export interface World {
  path: string;
  /** file of the store's clock, read by every process at every look at the time */
  dial: string;
  /** folder of one append-only file per process: what job code did outside the database */
  effects: string;
}

/** The store's time is `ahead` + milliseconds since `zero` × `speed`. */
interface Dial {
  zero: number;
  ahead: number;
  speed: number;
}

const readDial = ({ dial }: World): Dial => JSON.parse(readFileSync(dial, 'utf8'));

// Renamed into place: nobody ever reads half a dial.
const writeDial = ({ dial }: World, value: Dial): void => {
  writeFileSync(`${dial}.new`, JSON.stringify(value));
  renameSync(`${dial}.new`, dial);
};

/** A migrated, empty database in a new folder under `parent`; its time runs `speed` times as fast. */
export const createWorld = async (parent: string, speed = 1): Promise<World> => {
  const folder = mkdtempSync(join(parent, 'world-'));
  const world = {
    path: join(folder, 'jobs.db'),
    dial: join(folder, 'dial.json'),
    effects: join(folder, 'effects'),
  };
  mkdirSync(world.effects);
  const zero = Date.now();
  writeDial(world, { zero, ahead: zero, speed });
  await migrateSqlite(world.path);
  return world;
};

/** Seconds; longer than any lock of these tests. */
export const BEYOND_LOCKS = 200;

/** Moves the store's clock on, for every process at once. */
export const advance = (world: World, seconds: number): void => {
  const dial = readDial(world);
  writeDial(world, { ...dial, ahead: dial.ahead + seconds * 1000 });
};

const storeTime = (world: World): Date => {
  const { zero, ahead, speed } = readDial(world);
  return new Date(ahead + (Date.now() - zero) * speed);
};

export const openWorld = (world: World): Promise<Store> =>
  openSqlite(world.path, { now: () => storeTime(world) });

/** This process's own clock, as fast as the world's. */
export const clockOf = (world: World): Clock => {
  const { speed } = readDial(world);
  return {
    turn: systemClock.turn,
    now: () => systemClock.now() * speed,
    after: (ms, fn) => systemClock.after(ms / speed, fn),
  };
};

/** One thing that job code did, and on whose behalf. */
export type Effect = Pick<Fence, 'job_id' | 'lock_epoch'> & { what: string };

/** Survives the death of the process at the next instruction. */
export const leaveEffect = (folder: string, { job_id, lock_epoch }: Fence, what: string): void => {
  const effect: Effect = { job_id, lock_epoch, what };
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(effect)}\n`);
};

/** A line that is being written at this moment is not there yet. */
export const readEffects = ({ effects }: Pick<World, 'effects'>): Effect[] =>
  readdirSync(effects).flatMap((file) =>
    readFileSync(join(effects, file), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Effect),
  );
