// npm run bench [-- NAME… --json]: measures and says what was found; a slow answer is no failure.
// npm run bench -- coldstart [--quick --json]: how long cloud functions take to load.
// npm run bench -- postgres [PART… --quick --json]: what needs a server and other people's queues.
import { parseArgs } from 'node:util';
import { coldstart } from './coldstart.ts';
import { type Bench, type Figure, showFigures } from './figures.ts';
import { flatness } from './flatness.ts';
import { http } from './http/main.ts';
import { serve as serveHttp } from './http/server.ts';
import { partNames, postgres } from './postgres/main.ts';
import { work as workOnPostgres } from './postgres/worker.ts';
import { schedules } from './schedules.ts';
import { startup } from './startup.ts';
import { throughput } from './throughput.ts';
import { work } from './worker.ts';

const benches: Record<string, Bench> = {
  throughput,
  flatness,
  schedules,
  startup,
  coldstart,
  http,
};
const workers: Record<string, () => void> = {
  sqlite: work,
  postgres: workOnPostgres,
  http: serveHttp,
};

type Results = Record<string, Figure[]>;

/** The first of `names` that `known` has not is told of, and nothing is measured. */
const isKnown = (names: string[], known: string[], what: string): boolean => {
  const stranger = names.find((name) => !known.includes(name));
  if (stranger === undefined) return true;
  console.error(`"${stranger}" is no ${what}; expected some of ${known.join(', ')}`);
  process.exitCode = 2;
  return false;
};

const measure = async (positionals: string[], quick: boolean): Promise<Results | undefined> => {
  if (positionals[0] === 'postgres') {
    const wanted = positionals.slice(1);
    if (!isKnown(wanted, partNames, 'part of postgres')) return undefined;
    return postgres(wanted, { quick, say: (text) => console.error(`postgres ${text}`) });
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  if (!isKnown(names, [...Object.keys(benches), 'postgres'], 'bench')) return undefined;
  const results: Results = {};
  for (const name of names) {
    const say = (text: string) => console.error(`${name}: ${text}`);
    results[name] = (await benches[name]?.(say, quick)) ?? [];
  }
  return results;
};

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      worker: { type: 'string' },
    },
  });
  if (values.worker !== undefined) return workers[values.worker]?.();
  const results = await measure(positionals, values.quick);
  if (results !== undefined) console.log(showFigures(results, values.json));
};

await main();
