// The environment of a test file: Jest's own for Node, which leaves nothing to the next file of its worker.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';

// A package of Jest's own, found from where Jest finds it.
const jest = createRequire(import.meta.url).resolve('jest');
const core = createRequire(jest).resolve('@jest/core');
const config = createRequire(core).resolve('jest-config');
const { TestEnvironment } = createRequire(config)('jest-environment-node');

/** Those that this file made, which are on until someone turns them off. */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return Reflect.apply(run, this, args);
};

// biome-ignore lint/style/noDefaultExport: Jest takes the default export and nothing else
export default class Environment extends TestEnvironment {
  // Jest's runner makes one for each file and lets it on: then every promise of every later file costs
  // more, and what the file held is held for good.
  async teardown() {
    await super.teardown();
    for (const storage of storages) storage.disable();
    storages.clear();
  }
}
