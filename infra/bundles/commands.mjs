// What `npm install cloud-jobs` brings: the command line with its drivers beside it, and the library.
import { fileURLToPath } from 'node:url';
import { apart } from './apart.mjs';
import { onlyMemory } from './only_memory.mjs';
import { quickPg } from './quick_pg.mjs';
import { rpcOnly } from './rpc_only.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

// CommonJS starts faster than ESM, but knows no import.meta: these two stand for it.
export const metaOfCjs = {
  banner: {
    js: 'const __metaUrl=require("node:url").pathToFileURL(__filename).href;',
  },
  define: { 'import.meta.url': '__metaUrl', 'import.meta.dirname': '__dirname' },
};

/** How the drivers are bundled. */
export const drivers = {
  pg: {
    external: ['pg-native', 'pg-cloudflare'],
    plugins: [quickPg],
  },
  supabase: { plugins: [rpcOnly] },
};

const driver = (contents, more) => ({
  stdin: { contents, resolveDir: root },
  format: 'cjs',
  minify: true,
  ...more,
});

/** Figures for Prometheus: large, and loaded by the first who asks for them. */
export const figures = { 'prom-client': './prom.cjs' };

/** What src/http/packed_assets.ts reads; dashboard.mjs makes it. */
export const pages = { '../../dist/dashboard.cjs': './dashboard.cjs' };

/** What serves HTTP: of all commands, `serve` alone needs it. */
const web = `
  export { getRequestListener, RequestError } from '@hono/node-server';
  export { Hono } from 'hono';
  export { bodyLimit } from 'hono/body-limit';
  export { cors } from 'hono/cors';
  export { secureHeaders } from 'hono/secure-headers';
  export { RateLimiterMemory } from 'rate-limiter-flexible';`;
const webPackages = [...web.matchAll(/from '(.+)'/g)].map(([, name]) => [name, './http.cjs']);

/** What is built. `budget` in bytes: raise it on purpose, with the reason in the commit. */
export const commands = [
  {
    file: 'cli.cjs',
    budget: 750_000,
    options: {
      entryPoints: ['src/cli/main.ts'],
      format: 'cjs',
      external: ['libsql'],
      plugins: [
        apart({
          pg: './pg.cjs',
          '@supabase/supabase-js': './supabase.cjs',
          yaml: './yaml.cjs',
          ...Object.fromEntries(webPackages),
          ...figures,
          ...pages,
        }),
      ],
      ...metaOfCjs,
    },
  },
  {
    file: 'pg.cjs',
    budget: 120_000,
    options: driver(`module.exports = require('pg');`, drivers.pg),
  },
  {
    file: 'supabase.cjs',
    budget: 40_000,
    options: driver(`export { createClient } from '@supabase/supabase-js';`, drivers.supabase),
  },
  {
    // Read only where there is YAML to read: a config.yaml, a jobs.yaml, a search.
    file: 'yaml.cjs',
    budget: 120_000,
    options: driver(`export { isNode, LineCounter, parse, parseDocument, visit } from 'yaml';`),
  },
  {
    file: 'http.cjs',
    budget: 100_000,
    options: driver(web, { plugins: [onlyMemory] }),
  },
  {
    file: 'prom.cjs',
    budget: 110_000,
    options: driver(`module.exports = require('prom-client');`),
  },
  {
    file: 'index.js',
    budget: 450_000,
    options: {
      entryPoints: ['src/index.ts'],
      format: 'esm',
      external: ['libsql', 'zod', 'pg', '@supabase/supabase-js'],
    },
  },
  {
    // Whole, and for browsers too: whoever calls the API needs nothing else.
    file: 'client.js',
    budget: 30_000,
    options: {
      entryPoints: ['src/client/client.ts'],
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
    },
  },
];
