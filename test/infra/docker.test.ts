// The image: what it is made of, and that it works with nothing but what it holds.
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readTree, root } from '../structure/source.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { image, isSeen, only, stages } from './dockerfile.ts';
import { type Image, makeImage } from './image.ts';

const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('the Dockerfile', () => {
  test('names the version of every image it begins with', () => {
    for (const { image } of stages) expect(image).toMatch(/:[a-z0-9.-]*\d[a-z0-9.-]*$/);
  });

  test('installs and builds in stages that leave nothing behind but what is copied', () => {
    const aliases = stages.slice(0, -1).map(({ alias }) => alias);
    const used = image.instructions.flatMap(({ flags }) => flags.from ?? []);
    expect(aliases.toSorted()).toEqual([...new Set(used)].toSorted());
    expect(image.instructions.filter(({ words }) => words.includes('npm'))).toEqual([]);
  });

  test('runs as a numbered user who is not root', () => {
    expect(only('USER').words.join('')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  test('starts node as process 1, without a shell that would keep signals to itself', () => {
    expect(only('ENTRYPOINT').list).toEqual(['node', '/app/dist/cloud-jobs.cjs']);
    expect(only('CMD').list).toEqual(['run']);
    expect(only('HEALTHCHECK').list?.slice(0, 2)).toEqual(only('ENTRYPOINT').list);
    expect(image.instructions.map((each) => each.name)).not.toContain('STOPSIGNAL');
  });

  test('is labelled with the version and licence of the package, and keeps no secret', () => {
    const labels = only('LABEL').words.join(' ');
    expect(labels).toContain(`version="${version}"`);
    expect(labels).toContain(`licenses="${license}"`);
    expect(image.instructions.map((each) => each.name)).not.toContain('ARG');
    expect(only('ENV').words).toEqual(['NODE_ENV=production']);
  });

  test('is built without sight of secrets, stores, tests and installed packages', () => {
    const hidden = ['.env', 'src/.env', 'infra/docker/.env', 'cloud-jobs.db', 'src/old.db'];
    const useless = [
      'node_modules/zod/package.json',
      'dist/cli.cjs',
      'test/app.test.ts',
      '.git/HEAD',
    ];
    expect([...hidden, ...useless].filter(isSeen)).toEqual([]);
    const sources = Object.keys(readTree(['src', 'sql']));
    expect(sources.filter((path) => !isSeen(path))).toEqual([]);
  });
});

describe('the image', () => {
  let made: Image;
  beforeAll(() => {
    made = makeImage();
  }, 120_000);
  afterAll(() => made?.remove());

  test('holds one program and its packages, and of this project what it runs', () => {
    const inApp = (path: string) => readdirSync(join(made.folder, 'app', path)).toSorted();
    expect(readdirSync(made.folder).toSorted()).toEqual(['app', 'data', 'usr']);
    const own = ['LICENSE', 'dist', 'node_modules', 'package.json', 'sql'];
    expect(inApp('')).toEqual(own);
    expect(inApp('node_modules')).toEqual(['@libsql', '@neon-rs', 'detect-libc', 'libsql', 'zod']);
    expect(inApp('dist')).toEqual([
      'cli.cjs',
      'cloud-jobs.cjs',
      'dashboard.cjs',
      'http.cjs',
      'index.js',
      'pg.cjs',
      'prom.cjs',
      'supabase.cjs',
      'yaml.cjs',
    ]);
  });

  test('says its version', async () => {
    expect(await made.run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  test('is not healthy before there are tables', async () => {
    const probe = only('HEALTHCHECK').list!.slice(2);
    expect(await made.run(probe)).toMatchObject({
      code: 2,
      err: expect.stringContaining('cloud-jobs init'),
    });
  });

  test('keeps jobs in a SQLite file of its own folder, and drains them by default', async () => {
    expect(await made.run(['init'])).toMatchObject({ code: 0, err: '' });
    const id = (await made.run(['create', 'Clean up', 'maintenance'])).out.trim();
    const ran = await made.run(only('CMD').list!);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(id) });
    const { job } = JSON.parse((await made.run(['show', id, '--json'])).out);
    expect(job.status).toBe('success');
    expect(await made.run(only('HEALTHCHECK').list!.slice(2))).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(made.folder, 'data/cloud-jobs.db'))).toBe(true);
  });

  test('holds all that the HTTP API needs', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    // Listening is the last thing it does before it serves.
    const ran = await made.run(['serve', '--port', String(port)]);
    other.close();
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(`port ${port} of`) });
  });

  test('runs job types of your own that an image made from it puts into its folder', async () => {
    const app = join(made.folder, 'app');
    chmodSync(app, 0o755);
    writeFileSync(
      join(app, 'jobs.mjs'),
      `import { defineJob, z } from '${name}';
       export const greet = defineJob({
         type: 'greet',
         config: z.object({ whom: z.string() }),
         run: ({ config }) => 'Hello, ' + config.whom,
       });`,
    );
    const env = { JOB_MODULE: join(app, 'jobs.mjs') };
    const made_job = await made.run(['create', 'Greet', 'greet', '--job-config', 'whom=Ada'], env);
    expect(await made.run(['run'], env)).toMatchObject({ code: 0 });
    const { executions } = JSON.parse(
      (await made.run(['show', made_job.out.trim(), '--json'])).out,
    );
    expect(executions).toMatchObject([{ status: 'success', result: 'Hello, Ada' }]);
  });

  test('writes nothing beside its programs', () => {
    const dist = readdirSync(join(made.folder, 'app/dist'));
    expect(dist.filter((file) => file.startsWith('.compiled'))).toEqual([]);
  });

  describePostgres('on Postgres', () => {
    test('makes the tables, and a job goes through', async () => {
      const env = { DATABASE_URL: (await newDatabase()).url };
      expect(await made.run(['init'], env)).toMatchObject({ code: 0, err: '' });
      expect(await made.run(['doctor'], env)).toMatchObject({
        code: 0,
        out: expect.stringContaining('All works.'),
      });
    });
  });
});
