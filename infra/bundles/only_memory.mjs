// Of the rate limiters the one that counts in memory: their index loads those of a dozen databases.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const lib = join(dirname(require.resolve('rate-limiter-flexible/package.json')), 'lib');

export const onlyMemory = {
  name: 'only-memory',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^rate-limiter-flexible$/ }, ({ path }) => ({ path, namespace: 'memory' }));
    onLoad({ filter: /./, namespace: 'memory' }, () => ({
      contents: `exports.RateLimiterMemory = require('./RateLimiterMemory.js');`,
      resolveDir: lib,
    }));
  },
};
