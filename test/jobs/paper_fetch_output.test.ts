// The JSON Lines file of paper_fetch: whole or not there, in order, and nothing left beside it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '../../src/errors.ts';
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import { writePapers } from '../../src/jobs/paper_fetch/output.ts';
import { paper } from '../support/papers.ts';
import { tempFolder } from '../support/temp.ts';
import { feedPapers } from './feeds.ts';
import { createLine, type Line } from './line.ts';
import { pagesOf, serveArxiv } from './servers.ts';

const fence = { job_id: 'job-1', execution_id: 'execution-2', lock_epoch: 2 };
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `2401.${index}`);
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

describe('the output of paper_fetch', () => {
  test('holds the papers of the job as they are kept, in the order they came', async () => {
    const output = join(tempFolder(), 'sub', 'papers.jsonl');
    const { url } = await serveArxiv(pagesOf(feedPapers(12)));
    const instance = await line.instance((store) => [
      paperFetch({ store, arxiv_api_url: url, page_size: 5 }),
    ]);
    await line.create(instance.store, 'paper_fetch', { keywords: ['queue'], output });
    const ended = await line.until(instance.run());
    expect(ended.result).toMatchObject({ saved_to: `papers table, ${output}`, output });
    const ids = feedPapers(12).map(({ id }) => id.replace('v1', ''));
    const kept = JSON.parse(JSON.stringify(await instance.store.getPapers(ids)));
    expect(kept).toHaveLength(12);
    expect(linesOf(output).map((text) => JSON.parse(text))).toEqual(kept);
  });

  test('is written in batches, and replaces the file of an earlier run', async () => {
    const folder = tempFolder();
    const output = join(folder, 'papers.jsonl');
    writeFileSync(output, 'old\n');
    const ids = idsOf(1201);
    const batches: number[] = [];
    const getPapers = async (asked: string[]) => {
      batches.push(asked.length);
      return asked.map((arxiv_id) => paper({ arxiv_id }));
    };
    expect(await writePapers({ getPapers }, ids, output, fence)).toBe(output);
    expect(linesOf(output).map((text) => JSON.parse(text).arxiv_id)).toEqual(ids);
    expect(batches).toEqual([500, 500, 201]);
    expect(readdirSync(folder)).toEqual(['papers.jsonl']);
  });

  test('leaves the old file when writing ends half-way', async () => {
    const folder = tempFolder();
    const output = join(folder, 'papers.jsonl');
    writeFileSync(output, 'old\n');
    let asked = 0;
    const getPapers = async (ids: string[]) => {
      asked += 1;
      expect(readFileSync(output, 'utf8')).toBe('old\n');
      if (asked === 2) throw new StoreUnavailableError('the store is away');
      return ids.map((arxiv_id) => paper({ arxiv_id }));
    };
    const writing = writePapers({ getPapers }, idsOf(600), output, fence);
    await expect(writing).rejects.toThrow('the store is away');
    expect(readFileSync(output, 'utf8')).toBe('old\n');
    expect(readdirSync(folder)).toEqual(['papers.jsonl']);
  });

  test('removes what an execution of the same job left when it died, and of no other', async () => {
    const folder = tempFolder();
    const left = ['.papers.jsonl.job-1.1.tmp', '.papers.jsonl.job-2.1.tmp'];
    for (const name of left) writeFileSync(join(folder, name), 'half');
    const getPapers = async () => [paper()];
    await writePapers({ getPapers }, ['2401.00001'], join(folder, 'papers.jsonl'), fence);
    expect(readdirSync(folder).sort()).toEqual(['.papers.jsonl.job-2.1.tmp', 'papers.jsonl']);
  });

  test('that cannot be written is named in the error', async () => {
    const folder = tempFolder();
    const output = join(folder, 'taken');
    mkdirSync(output);
    const writing = writePapers({ getPapers: async () => [] }, [], output, fence);
    await expect(writing).rejects.toThrow(`output: ${output} cannot be written (EISDIR)`);
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});
