// Ten thousand jobs created in one call.
import { type Figure, median, spread } from '../figures.ts';
import type { Hands } from './contender.ts';
import { contenders, type Name } from './contenders.ts';
import type { Part } from './part.ts';
import { ratio } from './ratio.ts';

const JOBS = 10_000;
const who: Name[] = ['cloud-jobs', 'graphile-worker', 'pg-boss', 'two bare statements, prepared'];

export const enqueue: Part = async (world, { say, quick }) => {
  const rounds = quick ? 3 : 7;
  say(`${rounds} rounds of ${JOBS} jobs in one call`);
  const hands = new Map<Name, Hands>();
  const rates = new Map<Name, number[]>(who.map((name) => [name, []]));
  for (const name of who) {
    const { install, open } = contenders[name];
    hands.set(name, await open(await world.database(`${name}, enqueue`, install), 1));
  }
  // The first round warms up and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of who) {
      await world.checkpoint();
      const began = performance.now();
      await hands.get(name)?.create(JOBS);
      if (round > 0) rates.get(name)?.push((JOBS * 1000) / (performance.now() - began));
    }
  }
  for (const each of hands.values()) await each.close();
  const of = (name: Name): number[] => rates.get(name) ?? [];
  const speeds: Figure[] = who.map((name) => ({
    name: `${name}, 10,000 in one call`,
    value: median(of(name)),
    unit: 'jobs/s',
    note: spread(of(name)),
  }));
  return [
    ...speeds,
    ratio('cloud-jobs ÷ graphile-worker', of('cloud-jobs'), of('graphile-worker'), { at_least: 2 }),
    ratio('cloud-jobs ÷ pg-boss', of('cloud-jobs'), of('pg-boss')),
  ];
};
