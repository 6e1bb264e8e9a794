// What the README says of the HTTP API is done here: its commands, its requests, its program.
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { build, commandsIn, type Started } from './cli/bundle.ts';
import { shell } from './readme/clone.ts';
import { blocks, section, shellLines } from './readme/markdown.ts';
import { root } from './structure/source.ts';
import { tempFolder } from './support/temp.ts';
import { describeUnless } from './support/unless.ts';

const said = section('HTTP API');
const [serveLine = '', ...lines] = shellLines(said);
const curls = lines.filter((line) => line.startsWith('curl '));
const [createLine = '', showLine = '', streamLine = '', cancelLine = ''] = curls;

const folder = tempFolder();
const started: Started[] = [];
let feed: { url: string; close: () => void };

beforeAll(async () => {
  await build();
  const { serveFeed } = (await import(join(root, 'infra/demo/feed.mjs'))) as {
    serveFeed: () => Promise<typeof feed>;
  };
  feed = await serveFeed();
  expect(await commandsIn(folder, {}).run('init')).toMatchObject({ code: 0 });
});
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
  feed?.close();
});

const wordsOf = (line: string): string[] => line.replace('npx cloud-jobs ', '').split(' ');

/** On a port that is free here; answers where. */
const serve = async (env: Record<string, string> = {}, ...more: string[]): Promise<string> => {
  const own = { PORT: '0', JOB_POLL_INTERVAL: '0.2', ARXIV_API_URL: feed.url, ...env };
  const serving = commandsIn(folder, own).start(...wordsOf(serveLine), ...more);
  started.push(serving);
  const text = await serving.says('Ctrl-C stops.');
  return /at (http:\/\/\S+?:\d+)/.exec(text)?.[1] ?? '';
};

/** A line of the README, with what stands for a value replaced; the answer as it came. */
const run = async (line: string, url: string, job_id = ''): Promise<string> => {
  const filled = line.replace('localhost:8080', url).replace('JOB_ID', job_id);
  const { code, out } = await shell(`${filled} --silent`, folder);
  expect({ line, code }).toEqual({ line, code: 0 });
  return out;
};

const hasCurl = await new Promise<boolean>((resolve) => {
  spawn('curl', ['--version'])
    .once('error', () => resolve(false))
    .once('close', () => resolve(true));
});

describeUnless(hasCurl ? undefined : 'there is no curl', 'the README on the HTTP API', () => {
  test('has the requests that create a job, tell of it, follow it and cancel it', async () => {
    expect(curls).toHaveLength(4);
    const url = await serve();
    const { job_id } = JSON.parse(await run(createLine, url));
    expect(JSON.parse(await run(showLine, url, job_id))).toMatchObject({ job_id });
    expect(await run(streamLine, url, job_id)).toMatch(
      /event: progress\n[\s\S]*event: end\ndata: {"status":"success"}\n\n$/,
    );
    const later = `${url}/api/v1/jobs/maintenance?run_at=2099-01-01T00:00:00Z`;
    const waiting = (await (await fetch(later, { method: 'POST' })).json()) as { job_id: string };
    const cancelled = JSON.parse(await run(cancelLine, url, waiting.job_id));
    expect(cancelled).toMatchObject({ job_id: waiting.job_id, status: 'cancelled' });
  });
});

test('the README names only paths that the API has', async () => {
  const url = await serve({}, '--no-work');
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const table = said.split('| path | what for |')[1]?.split('\n\n')[0] ?? '';
  const known = [...Object.keys(paths), '/openapi.json'];
  const named = (table.match(/\/[a-z][\w./-]*/g) ?? []).map((path) => path.replace(/\.+$/, ''));
  expect(named.length).toBeGreaterThan(10);
  const pattern = (path: string) => {
    const whole = path.replace('ID', '{job_id}').replace('TYPE', 'paper_fetch');
    return whole.startsWith('/jobs') ? `/api/v1${whole}` : whole;
  };
  expect(named.map(pattern).filter((path) => !known.includes(path))).toEqual([]);
  for (const move of ['cancel', 'retry', 'enable', 'disable']) {
    expect(table).toContain(`${move}\``);
    expect(paths[`/api/v1/jobs/{job_id}/${move}`]).toHaveProperty('post');
  }
});

test('the keys of the README open the API, from its settings, and Prometheus is let in', async () => {
  const [write, read] = await Promise.all(
    lines
      .filter((line) => line.includes('api-key'))
      .map((line) => commandsIn(folder, {}).run(...wordsOf(line), '--json')),
  ).then((ran) => ran.map(({ out }) => JSON.parse(out)));
  const [settings = ''] = blocks('ini', said);
  const env = settings
    .replace('ci:write:sha256:HASH', write.entry)
    .replace('grafana:read:sha256:HASH', read.entry);
  expect(env).not.toContain('HASH');
  const own = tempFolder();
  writeFileSync(join(own, '.env'), env);
  const database = { DATABASE_URL: `sqlite:${join(folder, 'cloud-jobs.db')}` };
  const serving = commandsIn(own, { PORT: '0', ...database }).start(...wordsOf(serveLine));
  started.push(serving);
  const [, url] = /at (http:\/\/localhost:\d+)/.exec(await serving.says('Ctrl-C stops.')) ?? [];

  const post = (headers: Record<string, string>) =>
    fetch(`${url}/api/v1/jobs/maintenance`, { method: 'POST', headers });
  expect((await post({})).status).toBe(401);
  expect((await post({ 'x-api-key': read.key })).status).toBe(403);
  expect((await post({ authorization: `Bearer ${write.key}` })).status).toBe(201);

  const { scrape_configs } = parse(blocks('yaml', said)[0]!);
  const [{ authorization, static_configs }] = scrape_configs;
  expect([authorization, static_configs]).toEqual([
    { credentials: 'KEY' },
    [{ targets: ['localhost:8080'] }],
  ]);
  // Prometheus sends credentials as a Bearer token, and asks for /metrics unless told otherwise.
  const scraped = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${read.key}` },
  });
  const figures = await scraped.text();
  const named = said.match(/`(cloud_jobs|…)_[a-z_…]+`/g) ?? [];
  expect(named.length).toBeGreaterThan(10);
  const unknown = named
    .map((name) => name.replaceAll('`', '').replace(/^…/, 'cloud_jobs'))
    .filter(
      (name) => !figures.includes(`# TYPE ${name.replace('_last_day…', '_executions_last_day')}`),
    );
  expect(unknown).toEqual([]);
});

test('the program of the README creates a job and waits for it', async () => {
  const url = await serve();
  const project = tempFolder();
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/cloud-jobs'));
  const [program = ''] = blocks('ts', said);
  expect(program).toContain('http://localhost:8080');
  writeFileSync(join(project, 'program.mjs'), program.replace('http://localhost:8080', url));
  const ran = await shell('node program.mjs', project);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatch(/success\n$/);
});
