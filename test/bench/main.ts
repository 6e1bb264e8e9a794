// npm run bench [-- NAME… --json]: measures and says what was found; a slow answer is no failure.
import { parseArgs } from 'node:util';
import { type Bench, type Figure, showFigures } from './figures.ts';
import { flatness } from './flatness.ts';
import { startup } from './startup.ts';
import { throughput } from './throughput.ts';
import { obey } from './worker.ts';

const benches: Record<string, Bench> = { throughput, flatness, startup };

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, worker: { type: 'boolean' } },
  });
  if (values.worker) return obey();
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  const results: Record<string, Figure[]> = {};
  for (const name of names) {
    const bench = benches[name];
    if (bench === undefined) {
      const known = Object.keys(benches).join(', ');
      console.error(`"${name}" is no bench; expected some of ${known}`);
      process.exitCode = 2;
      return;
    }
    results[name] = await bench((text) => console.error(`${name}: ${text}`));
  }
  console.log(showFigures(results, values.json));
};

await main();
