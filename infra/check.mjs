// npm run check: everything that must hold before a change goes in. Runs all, says which failed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `node_modules/.bin/${name}`;
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];

const steps = [
  ['format and lint', bin('biome'), ['ci', '--error-on-warnings', '.']],
  ['types', bin('tsc'), ['-p', '.']],
  ['types of the dashboard', bin('tsc'), ['-p', 'src/dashboard']],
  ['dead code', bin('knip'), []],
  ['bundles and budgets', process.execPath, ['infra/bundle.mjs', '--types']],
  ['tests, layers among them', process.execPath, jest],
];

const results = steps.map(([name, command, args]) => {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) console.error(`${name}: failed (${error?.message ?? signal ?? status})`);
  return { name, passed: status === 0, seconds: (Date.now() - started) / 1000 };
});

console.log('');
for (const { name, passed, seconds } of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${name}`);
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
