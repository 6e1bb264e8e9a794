// A paper_fetch job whose process is killed at a random moment, and what another one makes of it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import { createJob, detailOf } from '../support/store.ts';
import { ENTRIES, type FeedServer, serveEntries } from './feed_server.ts';
import { runInstance } from './instance.ts';
import { launchChild } from './kill_round.ts';
import { countExecutions, withTables } from './tables.ts';
import { tableFaults } from './verify.ts';
import { advance, BEYOND_LOCKS, createWorld, openWorld, type World } from './world.ts';

/** How much faster the worlds' time runs: arXiv's three seconds between requests take 50 ms. */
const SPEED = 60;
const PAGE_SIZE = 5;
const PAGES = ENTRIES.length / PAGE_SIZE;

const papersOf = (entries: typeof ENTRIES): string[] =>
  [...new Set(entries.map(({ id }) => id.replace(/v\d+$/, '')))].toSorted();

const outputFaults = (folder: string): string[] => {
  const lines = readFileSync(join(folder, 'papers.jsonl'), 'utf8').trim().split('\n');
  const ids = lines.map((line) => String(JSON.parse(line).arxiv_id)).toSorted();
  const same = JSON.stringify(ids) === JSON.stringify(papersOf(ENTRIES));
  const left = readdirSync(folder).filter((name) => name.endsWith('.tmp'));
  return [
    ...(same ? [] : [`each paper is one line: ${ids}`]),
    ...left.map((name) => `no file is left behind: ${name}`),
  ];
};

const paperFaults = async (world: World, jobId: string, asked: number[]): Promise<string[]> => {
  const faults: string[] = [];
  const expectSame = (rule: string, found: unknown, wanted: unknown) => {
    const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (is !== should) faults.push(`${rule}: ${is} instead of ${should}`);
  };
  const rows = withTables(world, (all) => all('SELECT * FROM papers ORDER BY arxiv_id'));
  const wanted = papersOf(ENTRIES);
  expectSame(
    'each paper is there once',
    rows.map(({ arxiv_id }) => arxiv_id),
    wanted,
  );
  const third = rows.find(({ arxiv_id }) => arxiv_id === '2401.00003');
  expectSame('the newest version is kept', third?.version, 2);
  const store = await openWorld(world);
  const { executions } = await detailOf(store, jobId);
  await store.close();
  const result = executions.find(({ status }) => status === 'success')?.result;
  const { papers_found, papers_new, complete } = (result ?? {}) as Record<string, unknown>;
  const counts = { papers_found, papers_new, complete };
  const [all, whole] = [wanted.length, { complete: true }];
  expectSame('each paper counts once', counts, { papers_found: all, papers_new: all, ...whole });
  const repeated = asked.length - new Set(asked).size;
  expectSame('all pages are asked for', new Set(asked).size, PAGES);
  const { lost = 0 } = countExecutions(world);
  if (repeated > lost) faults.push(`only a page that one died on is asked for again: ${asked}`);
  return [...faults, ...tableFaults(world, [jobId]), ...outputFaults(dirname(world.path))];
};

const heal = async (world: World, { url }: FeedServer): Promise<void> => {
  advance(world, BEYOND_LOCKS);
  const deps = { arxiv_api_url: url, page_size: PAGE_SIZE };
  await runInstance(world, { definitions: (store) => [paperFetch({ store, ...deps })] });
};

/** One job in a new world: its process dies within the pages, in a random moment. */
export const paperRound = async (program: string, parent: string) => {
  const world = await createWorld(parent, SPEED);
  const server = await serveEntries();
  try {
    const store = await openWorld(world);
    const config = { categories: ['cs.DC'], max_papers: ENTRIES.length, output: './papers.jsonl' };
    const output = join(dirname(world.path), config.output);
    const jobId = await createJob(store, {
      job_type: 'paper_fetch',
      config: { ...config, output },
    });
    await store.close();
    const child = launchChild(program, { world, arxiv_api_url: server.url, linger: true });
    const request = 1 + Math.floor(Math.random() * PAGES);
    // Throws when it ends before that.
    await Promise.race([server.request(request), child.hears(({ said }) => said === 'done')]);
    const moment = Math.random() * 60;
    await new Promise((resolve) => setTimeout(resolve, moment));
    child.kill('SIGKILL');
    await child.ended;
    await heal(world, server);
    const faults = await paperFaults(world, jobId, server.asked);
    const when = `killed ${moment.toFixed(1)} ms after request ${request}`;
    const { lost = 0 } = countExecutions(world);
    return { faults: faults.map((fault) => `${when}: ${fault}`), lost };
  } finally {
    server.close();
  }
};
