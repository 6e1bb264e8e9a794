// Set-up that the npm scripts run first: Node's version, the packages of the lockfile, dist/.
// Says one line for each thing it does, and nothing when there is nothing to do. `--types` makes the
// declarations as well, for projects that install this folder.

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  const found = process.versions.node;
  console.error(`set-up: Cloud Job Runner needs Node 20.19 or newer; this is Node ${found}.`);
  process.exit(2);
}

// Loaded here and not above, so that an old Node comes as far as the sentence, and a fresh clone
// as far as its packages.
const { installPackages } = await import('./install.mjs');
await installPackages();
const { buildDist } = await import('./bundle.mjs');
const started = Date.now();
const types = process.argv.includes('--types');
if (await buildDist({ types, force: false })) {
  console.log(`set-up: dist/ built from src/ in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
