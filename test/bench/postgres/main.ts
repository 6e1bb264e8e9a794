// npm run bench -- postgres [PART… --quick]: the store on Postgres beside other queues.
import { loadavg } from 'node:os';
import { digits, type Figure } from '../figures.ts';
import { enqueue } from './enqueue.ts';
import { flatness } from './flatness.ts';
import { growth } from './growth.ts';
import type { Conditions, Part } from './part.ts';
import { installPeers, peerVersions } from './peers.ts';
import { processes } from './processes.ts';
import { schedules } from './schedules.ts';
import { throughput } from './throughput.ts';
import { wal } from './wal.ts';
import { withWorld } from './world.ts';

const parts: Record<string, Part> = {
  throughput,
  enqueue,
  processes,
  wal,
  flatness,
  schedules,
  growth,
};

export const partNames = Object.keys(parts);

/** Every part that is wanted, or all, on one server; figures by the name of the part. */
export const postgres = async (
  wanted: string[],
  { say, quick }: Conditions,
): Promise<Record<string, Figure[]>> => {
  installPeers(say);
  // It makes every start of Node slower, whoever starts; npm was the last one to need it.
  delete process.env.NODE_EXTRA_CA_CERTS;
  const chosen = wanted.length > 0 ? wanted : partNames;
  return withWorld(async (world) => {
    say(`${await world.version()} beside ${peerVersions}; load ${loadavg().map(digits).join(' ')}`);
    const results: Record<string, Figure[]> = {};
    for (const name of chosen) {
      const part = parts[name];
      if (part === undefined) throw new Error(`"${name}" is no part`);
      const conditions = { quick, say: (text: string) => say(`${name}: ${text}`) };
      results[`postgres ${name}`] = await part(world, conditions);
    }
    return results;
  });
};
