// paper_fetch against answers that arXiv really gave, served over local HTTP. The recordings lie
// outside of this project; without them these tests are skipped, and the warning says so.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Paper } from '../../src/core/paper.ts';
import type { Store } from '../../src/core/store.ts';
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import { createLine, type Line } from './line.ts';
import { type Answer, type Asked, serveArxiv } from './servers.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/arxiv');

interface Recording {
  file: string;
  http_status: number;
  entries: number;
  totalResults: number;
  entry_ids: string[];
  features: Record<string, number | boolean>;
}

const readText = (file: string): string => readFileSync(join(folder, file), 'utf8');
const present = existsSync(join(folder, 'manifest.json'));
const listed: Recording[] = present ? JSON.parse(readText('manifest.json')) : [];
const feeds = listed.filter(({ file }) => file.endsWith('.xml'));
const isThere = ({ file }: Recording): boolean => existsSync(join(folder, file));
const absent = feeds.filter((feed) => !isThere(feed)).map(({ file }) => file);

if (!present) console.warn(`skipped: there are no recorded feeds at ${folder}`);
if (absent.length > 0) console.warn(`skipped: listed but not there: ${absent.join(', ')}`);
const describeRecorded = present ? describe : describe.skip;
const testOf = (feed: Recording) => (isThere(feed) ? test : test.skip);

const withoutVersion = (id: string): string => id.replace(/^.*\/abs\//, '').replace(/v\d+$/, '');

/** `2401.00001v2`, one for each paper, in the order in which papers first come. */
const newestOf = (entry_ids: string[]): string[] => {
  const newest = new Map<string, number>();
  for (const id of entry_ids) {
    const version = Number(/v(\d+)$/.exec(id)![1]);
    newest.set(withoutVersion(id), Math.max(version, newest.get(withoutVersion(id)) ?? 0));
  }
  return [...newest].map(([id, version]) => `${id}v${version}`);
};

const decode = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();

/** A second reading of an entry by plain text search, to hold the parser to. */
const plainly = (entry: string) => {
  const all = (pattern: RegExp) => [...entry.matchAll(pattern)].map(([, text]) => decode(text!));
  const says = {
    title: all(/<title[^>]*>([\s\S]*?)<\/title>/g)[0],
    abstract: all(/<summary[^>]*>([\s\S]*?)<\/summary>/g)[0],
    authors: all(/<name>([\s\S]*?)<\/name>/g),
    categories: all(/<category [^>]*?term="([^"]*)"/g),
    primary_category: all(/<arxiv:primary_category [^>]*?term="([^"]*)"/g)[0],
    doi: all(/<arxiv:doi[^>]*>([\s\S]*?)<\/arxiv:doi>/g)[0] ?? null,
    comment: all(/<arxiv:comment[^>]*>([\s\S]*?)<\/arxiv:comment>/g)[0] ?? null,
    journal_ref: all(/<arxiv:journal_ref[^>]*>([\s\S]*?)<\/arxiv:journal_ref>/g)[0] ?? null,
    published_at: new Date(all(/<published>(.*?)<\/published>/g)[0]!),
    updated_at: new Date(all(/<updated>(.*?)<\/updated>/g)[0]!),
  };
  return { id: all(/<id>.*\/abs\/(.*)<\/id>/g)[0], says };
};

const entriesOf = (text: string): string[] => text.match(/<entry>[\s\S]*?<\/entry>/g) ?? [];

const featuresOf = (papers: Paper[]) => ({
  doi: papers.filter(({ doi }) => doi !== null).length,
  journal_ref: papers.filter(({ journal_ref }) => journal_ref !== null).length,
  comment: papers.filter(({ comment }) => comment !== null).length,
  max_authors: Math.max(0, ...papers.map(({ authors }) => authors.length)),
  max_categories: Math.max(0, ...papers.map(({ categories }) => categories.length)),
});

/** The features a manifest entry states, out of those that can be seen in papers. */
const stated = (features: Recording['features'], papers: Paper[]) => {
  const seen = Object.entries(featuresOf(papers)).filter(([name]) => name in features);
  return { seen: Object.fromEntries(seen), features };
};

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

const instances = async (count: number, page_size: number, answer: (asked: Asked) => Answer) => {
  const { url, asked } = await serveArxiv(answer, line.now);
  const definitions = (store: Store) => [paperFetch({ store, arxiv_api_url: url, page_size })];
  const all = await Promise.all(Array.from({ length: count }, () => line.instance(definitions)));
  return { asked, all, first: all[0]! };
};

/** The big recorded answer, cut into pages as arXiv would. */
const big = 'recorded-2026-04/q_testing_s0_m100_cfe7536492ca.xml';
const paged = (): ((asked: Asked) => Answer) => {
  const text = readText(big);
  const entries = entriesOf(text);
  const head = text.slice(0, text.indexOf('<entry>'));
  return ({ start, max_results }) => ({
    body: `${head}${entries.slice(start, start + max_results).join('\n')}</feed>`,
  });
};

const pageIds = async (store: Store, job_id: string): Promise<string[]> => {
  const steps = await store.listSteps(job_id);
  const pages = steps.filter(({ name }) => name.startsWith('page-'));
  pages.sort((a, b) => a.step_order - b.step_order);
  return pages.flatMap(({ output }) => (output as { ids: string[] }).ids);
};

describeRecorded('the recorded answer', () => {
  for (const feed of feeds.filter(({ features }) => !features.error_entry)) {
    const { file, http_status, entries, totalResults, entry_ids, features } = feed;
    testOf(feed)(`${file} gives the papers its manifest lists`, async () => {
      const text = readText(file);
      const answer = () => ({ status: http_status, body: text });
      const { first } = await instances(1, 2000, answer);
      const config = { keywords: ['testing'], max_papers: Math.max(1, entries) };
      const job_id = await line.create(first.store, 'paper_fetch', config);
      const ended = await line.until(first.run());
      const ids = [...new Set(entry_ids.map(withoutVersion))];
      expect(ended).toMatchObject({
        status: 'success',
        result: { papers_found: ids.length, papers_new: ids.length, complete: true },
      });
      expect(ended.result).toMatchObject({ total_results: totalResults });
      expect(await pageIds(first.store, job_id)).toEqual(ids);
      const papers = await first.store.getPapers(ids);
      const newest = newestOf(entry_ids);
      const versioned = papers.map(({ arxiv_id, version }) => `${arxiv_id}v${version}`);
      expect(versioned).toEqual(newest);
      const read = entriesOf(text).map(plainly);
      expect(papers).toMatchObject(newest.map((id) => read.find((entry) => entry.id === id)!.says));
      if (ids.length === entry_ids.length) {
        const compared = stated(features, papers);
        expect(compared.features).toMatchObject(compared.seen);
      }
    });
  }

  for (const feed of feeds.filter(({ features }) => features.error_entry)) {
    const { file, http_status } = feed;
    testOf(feed)(`${file} fails the job at once with the sentence arXiv gave`, async () => {
      const body = readText(file);
      const { first, asked } = await instances(1, 100, () => ({ status: http_status, body }));
      await line.create(first.store, 'paper_fetch', { keywords: ['testing'] });
      const ended = await line.until(first.run());
      expect(ended).toMatchObject({ status: 'failed', job_status: 'failed' });
      expect(ended.error_message).toContain(plainly(entriesOf(body)[0]!).says.abstract);
      expect(asked).toHaveLength(1);
    });
  }

  test('of a throttled client makes the job come back later', async () => {
    const body = readText('rate_exceeded_429.txt');
    const { first } = await instances(1, 100, () => ({ status: 429, body }));
    await line.create(first.store, 'paper_fetch', { keywords: ['testing'] });
    expect(await line.until(first.run())).toMatchObject({
      status: 'yielded',
      job_status: 'waiting',
    });
  });

  test('with 100 entries, paged by 10, is fetched in order, three seconds apart', async () => {
    const { asked, first } = await instances(1, 10, paged());
    const config = { keywords: ['testing'], max_papers: 100 };
    const job_id = await line.create(first.store, 'paper_fetch', config);
    const ended = await line.until(first.run());
    expect(ended.result).toMatchObject({ papers_found: 100, papers_new: 100, pages: 10 });
    expect(ended.result).toMatchObject({ total_results: 214881, complete: true });
    const listedIds = listed.find(({ file }) => file === big)!.entry_ids.map(withoutVersion);
    expect(await pageIds(first.store, job_id)).toEqual(listedIds);
    expect(asked.map(({ at }) => at)).toEqual(asked.map((_, index) => index * 3000));
  });

  test('with 100 entries is fetched by two instances together three seconds apart', async () => {
    const { asked, all, first } = await instances(2, 10, paged());
    const config = { keywords: ['testing'], max_papers: 100 };
    const one = await line.create(first.store, 'paper_fetch', config);
    const two = await line.create(first.store, 'paper_fetch', config);
    const ended = await line.until(Promise.all(all.map(({ run }) => run())));
    expect(ended.map(({ status }) => status)).toEqual(['success', 'success']);
    expect(asked).toHaveLength(20);
    const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at);
    expect(gaps).toEqual(gaps.map(() => 3000));
    expect(await pageIds(first.store, one)).toEqual(await pageIds(first.store, two));
    const fresh = ended.map(({ result }) => (result as { papers_new: number }).papers_new);
    expect(fresh[0]! + fresh[1]!).toBe(100);
  });

  test('in six pages that were recorded one by one gives the first 60 of the big one', async () => {
    const pages = new Map(
      [0, 10, 20, 30, 40, 50].map((start) => {
        const file = feeds.find((feed) => feed.file.includes(`q_testing_s${start}_m10_`))!.file;
        return [start, readText(file)];
      }),
    );
    const { first } = await instances(1, 10, ({ start }) => ({ body: pages.get(start)! }));
    const config = { keywords: ['testing'], max_papers: 60 };
    const job_id = await line.create(first.store, 'paper_fetch', config);
    expect(await line.until(first.run())).toMatchObject({ status: 'success' });
    const listedIds = listed.find(({ file }) => file === big)!.entry_ids.map(withoutVersion);
    expect(await pageIds(first.store, job_id)).toEqual(listedIds.slice(0, 60));
  });
});
