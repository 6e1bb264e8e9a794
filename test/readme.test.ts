// The README says only what is so: its commands are run, its tables compared with the program.

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloneTree, projectUsing, type Ran, shell } from './readme/clone.ts';
import {
  blocks,
  readme,
  section,
  settingsInReadme,
  settingsTable,
  shellLines,
} from './readme/markdown.ts';
import { root } from './structure/source.ts';

const MINUTES = 60_000;

test('the README lists every setting as the program knows it', () => {
  expect(settingsInReadme()).toEqual(settingsTable());
});

test('the README names only folders and files that are there', () => {
  const section = readme.split('## Where things are')[1] ?? '';
  const named = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

// A minute or more goes into what is the same in every run: there, and only there, CI goes all the way.
const whole = Boolean(process.env.CI);

describe(`in a fresh clone with ${whole ? 'nothing' : 'the packages'} installed`, () => {
  const clone = cloneTree({ packages: !whole });
  const { folder } = clone;
  const project = projectUsing(folder);
  let feed: { url: string; close: () => void };
  let start: Ran;

  const npx = (line: string, cwd: string) =>
    // A cache of its own, because npx keeps a link to every package folder it was started in.
    shell(line, cwd, { ARXIV_API_URL: feed.url, npm_config_cache: join(project, '.npm') });

  const command = `'${process.execPath}' '${join(folder, 'dist/cloud-jobs.cjs')}'`;
  /** Starts the file that npx starts, which takes npx a second. */
  const direct = (line: string, cwd = folder) =>
    npx(
      line.replace(/^npx cloud-jobs/, () => command),
      cwd,
    );

  const countJobs = async (): Promise<{ success: number; waiting: number }> =>
    JSON.parse((await direct('npx cloud-jobs stats --json')).out).jobs;

  beforeAll(async () => {
    const { serveFeed } = (await import(join(root, 'infra/demo/feed.mjs'))) as {
      serveFeed: () => Promise<typeof feed>;
    };
    feed = await serveFeed();
    // Port 9 answers nobody, so that this does not depend on arXiv.
    start = await shell('npm start', folder, { ARXIV_API_URL: 'http://127.0.0.1:9/' });
  }, 5 * MINUTES);

  afterAll(() => {
    feed.close();
    clone.remove();
    rmSync(project, { recursive: true, force: true });
  });

  test('`npm start` sets itself up, fetches papers, cleans up and says where they came from', () => {
    expect(start).toMatchObject({ code: 0 });
    const install = start.out.match(/^set-up: npm ci, since .*?;/m) ?? [];
    const none = 'set-up: npm ci, since node_modules is not there yet;';
    expect([...install]).toEqual(clone.installed ? [] : [none]);
    expect(start.out).toContain('set-up: dist/ built from src/');
    expect(start.out).toContain('arXiv cannot be reached from here');
    expect(start.out).toMatch(/made up/);
    expect(start.out).toMatch(/papers +8 found, 8 of them new/);
    expect(start.out).toMatch(/deleted +0 executions/);
    expect(existsSync(join(folder, 'cloud-jobs.db'))).toBe(true);
    expect(existsSync(join(folder, 'papers.jsonl'))).toBe(true);
  });

  test(
    '`npm start` works again, with nothing left to set up',
    async () => {
      const again = await shell('npm start', folder, { ARXIV_API_URL: 'http://127.0.0.1:9/' });
      expect(again).toMatchObject({ code: 0 });
      expect(again.out).not.toContain('set-up:');
      expect(again.out).toMatch(/papers +8 found, 0 of them new/);
    },
    MINUTES,
  );

  test(
    '`npm test` runs the tests',
    async () => {
      const ran = await shell('npm test -- test/unit/log.test.ts', folder);
      expect(ran).toMatchObject({ code: 0, err: expect.stringMatching(/Tests: +\d+ passed/) });
    },
    MINUTES,
  );

  test(
    'every `npx cloud-jobs` line after `npm start` works',
    async () => {
      const apart = ['Schedules', 'HTTP API'].flatMap((name) => shellLines(section(name)));
      const lines = shellLines().filter(
        (line) =>
          line.startsWith('npx cloud-jobs ') && !line.includes('--jobs ') && !apart.includes(line),
      );
      expect(lines.length).toBeGreaterThan(5);
      const listed = await direct('npx cloud-jobs list --json');
      const [{ job_id }] = JSON.parse(listed.out);
      const before = await countJobs();
      for (const [index, line] of lines.entries()) {
        const run = whole || index === 0 ? npx : direct;
        const ran = await run(line.replace('JOB_ID', job_id), folder);
        expect({ line, ...ran }).toMatchObject({ line, code: 0 });
      }
      expect(await countJobs()).toMatchObject({
        success: before.success + 1,
        waiting: before.waiting + 1,
      });
    },
    2 * MINUTES,
  );

  test(
    'every line of the chapter on schedules works, with its file',
    async () => {
      const said = section('Schedules');
      writeFileSync(join(folder, 'jobs.yaml'), blocks('yaml', said)[0]!);
      const lines = shellLines(said);
      expect(lines.length).toBeGreaterThan(7);
      for (const line of lines) {
        const ran = await (whole ? npx(line, folder) : direct(line));
        expect({ line, ...ran }).toMatchObject({ line, code: 0 });
      }
      expect(await direct('npx cloud-jobs run')).toMatchObject({ code: 0 });
      const listed = await direct('npx cloud-jobs schedule list --json');
      const names = JSON.parse(listed.out).map(({ name }: { name: string }) => name);
      expect(names).toEqual(['nightly-papers', 'weekly-clean-up']);
      const again = await direct('npx cloud-jobs apply jobs.yaml --json');
      expect(JSON.parse(again.out)).toMatchObject({ created: 0, changed: 0, deleted: 0 });
    },
    2 * MINUTES,
  );

  test(
    'the Lambda function drains here, and is packaged, without an account',
    async () => {
      const said = section('In a cloud');
      const [local] = shellLines(said).filter((line) => line.includes('invoke local'));
      expect(said).toContain('`npx serverless package`');
      await direct('npx cloud-jobs create Local maintenance');
      const ran = await npx(`${local} < /dev/null`, folder);
      expect(ran).toMatchObject({ code: 0 });
      expect(JSON.parse(ran.out)).toMatchObject({ statusCode: 200, outcomes: { success: 1 } });
      expect(await npx('npx serverless package', folder)).toMatchObject({ code: 0 });
      expect(existsSync(join(folder, '.serverless/jobRunner.zip'))).toBe(true);
    },
    2 * MINUTES,
  );

  test(
    'every command of the table of commands is there',
    async () => {
      const section = readme.split('## Commands')[1]?.split('\n## ')[0] ?? '';
      const cells = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => cell!);
      const named = cells.flatMap((cell) =>
        [...cell.matchAll(/[`] ?([a-z-]+)/g)].map(([, name]) => name!),
      );
      const { out } = await direct('npx cloud-jobs --help');
      const known = [...out.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name!);
      expect([...named, 'help'].sort()).toEqual(known.sort());
    },
    MINUTES,
  );

  test(
    'a strict TypeScript project can use the types of the package',
    async () => {
      expect(await shell('npm run build', folder)).toMatchObject({ code: 0 });
      const typed = blocks('js')[0]!.replace(
        'await runner.drain()',
        '(await runner.drain()).picked.toFixed()',
      );
      const wrong = typed.replace('config.name', 'config.nome');
      writeFileSync(join(project, 'right.mts'), typed);
      writeFileSync(join(project, 'wrong.mts'), wrong);
      const tsc = `${join(folder, 'node_modules/.bin/tsc')} --strict --noEmit --ignoreConfig --module nodenext --target es2023`;
      const types = `--typeRoots ${join(folder, 'node_modules/@types')} --types node`;
      const { code, out } = await shell(`${tsc} ${types} right.mts wrong.mts`, project);
      expect(code).not.toBe(0);
      const errors = out.split('\n').filter((line) => line !== '');
      expect(errors).toEqual([
        expect.stringMatching(/^wrong\.mts\(.*Property 'nome' does not exist/),
      ]);
    },
    MINUTES,
  );

  test(
    'the job type in 12 lines runs in a project that has the package installed',
    async () => {
      const program = blocks('js')[0]!;
      expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
      writeFileSync(join(project, 'hello.mjs'), program);
      const ran = await shell('node hello.mjs', project);
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(ran.out).toContain('Hello, Ada!');
      expect(ran.out).toContain('outcomes: { success: 1 }');
    },
    MINUTES,
  );

  test(
    'own job types run from the command line',
    async () => {
      writeFileSync(join(project, 'jobs.mjs'), blocks('js')[1]!);
      await direct('npx cloud-jobs init', project);
      const lines = shellLines().filter((line) => line.includes('--jobs '));
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        const ran = await npx(`${line} --json`, project);
        expect({ line, ...ran }).toMatchObject({ line, code: 0 });
      }
      const jobs = await direct('npx cloud-jobs list --type greet --json', project);
      const [{ job_id }] = JSON.parse(jobs.out);
      const shown = JSON.parse((await direct(`npx cloud-jobs show ${job_id} --json`, project)).out);
      expect(shown.executions).toMatchObject([{ status: 'success', result: 'Hello, Ada!' }]);
    },
    MINUTES,
  );
});
