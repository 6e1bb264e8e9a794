// paper_fetch's config: what is refused with which path, and what a config file adds.
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { acceptConfig, parseConfig } from '../../src/core/definition.ts';
import { configSchema, resolveSearch } from '../../src/jobs/paper_fetch/config.ts';
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import { tempFile } from '../support/temp.ts';

const definition = paperFetch({
  store: {
    savePapers: async () => ({ added: 0 }),
    getPapers: async () => [],
    takeTurn: async () => ({ taken: true, wait_seconds: 0 }),
  },
  arxiv_api_url: 'http://127.0.0.1:1',
});

const resolve = (config: object) => resolveSearch(configSchema.parse(config));
const file = (name: string, text: string): string => {
  const path = tempFile(name);
  writeFileSync(path, text);
  return path;
};

describe('a config of paper_fetch', () => {
  test.each([
    [{}, 'config.keywords', 'at least one of keywords and categories'],
    [{ keywords: [], categories: [] }, 'config.keywords', 'at least one of'],
    [{ keywords: ['ok', '"!"'] }, 'config.keywords.1', 'holds no letter or digit'],
    [{ categories: ['cs.AI', 'not a category'] }, 'config.categories.1', '"not a category" is not'],
    [{ keywords: ['a'], max_papers: 0 }, 'config.max_papers', '>=1'],
    [{ keywords: ['a'], max_papers: 30_001 }, 'config.max_papers', '<=30000'],
    [{ keywords: ['a'], days_back: -1 }, 'config.days_back', '>0'],
    [{ keywords: ['a'], max_paper: 5 }, 'config', 'max_paper'],
    [{ keywords: 5 }, 'config.keywords', 'expected array'],
  ])('%j is refused at %s', async (config, path, message) => {
    await expect(parseConfig(definition, config)).rejects.toMatchObject({
      problems: expect.arrayContaining([{ path, message: expect.stringContaining(message) }]),
    });
  });

  test('may give a list as one text with commas', async () => {
    await acceptConfig(definition, { keywords: 'dark matter, axion', categories: 'hep-th,cs.*' });
    expect(await resolve({ keywords: 'dark matter, axion', categories: 'hep-th,cs.*' })).toEqual({
      keywords: ['dark matter', 'axion'],
      categories: ['hep-th', 'cs.*'],
      days_back: null,
      max_papers: 100,
      output: null,
    });
  });
});

describe('a config file', () => {
  const yaml = 'keywords: [axion]\ncategories: [hep-th]\nmax_papers: 7\ndays_back: 3\n';

  test.each([
    ['search.yaml', yaml],
    ['search.json', '{"keywords":["axion"],"categories":["hep-th"],"max_papers":7,"days_back":3}'],
  ])('%s gives what the job leaves out, and the job wins', async (name, text) => {
    const config_path = file(name, text);
    expect(await resolve({ config_path, max_papers: 9, keywords: ['boson'] })).toEqual({
      keywords: ['boson'],
      categories: ['hep-th'],
      days_back: 3,
      max_papers: 9,
      output: null,
    });
  });

  test.each([
    ['missing', () => tempFile('none.yaml'), 'ENOENT'],
    ['not YAML', () => file('bad.yaml', 'a: [b'), ''],
    ['not JSON', () => file('bad.json', '{'), 'JSON'],
    ['wrong', () => file('wrong.yaml', 'max_papers: many\n'), 'max_papers: '],
    ['of other fields', () => file('other.yaml', 'config_path: again\n'), 'config_path'],
    ['too large', () => file('large.json', `"${'x'.repeat(1024 * 1024)}"`), 'larger than 1048576'],
  ])('that is %s fails the job for good, naming the file', async (_what, path, why) => {
    const config_path = path();
    const refused = expect(resolve({ config_path })).rejects;
    await refused.toMatchObject({
      name: 'Discard',
      message: expect.stringContaining(`config_path ${config_path} cannot be used`),
    });
    await expect(resolve({ config_path })).rejects.toThrow(why);
  });

  test('that is empty leaves nothing to search for', async () => {
    const config_path = file('empty.yaml', '');
    await expect(resolve({ config_path })).rejects.toThrow(
      'at least one of keywords and categories',
    );
  });
});
