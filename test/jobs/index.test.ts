// The shipped job types as a whole.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createRegistry } from '../../src/core/definition.ts';
import { shippedJobs } from '../../src/jobs/index.ts';
import { feedPapers } from './feeds.ts';
import { createLine, type Line } from './line.ts';
import { pagesOf, serveArxiv } from './servers.ts';

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

test('every shipped type runs on the real line', async () => {
  const { url } = await serveArxiv(pagesOf(feedPapers(3)));
  const instance = await line.instance((store) =>
    shippedJobs({
      store,
      arxiv_api_url: url,
      http: { allow_private: true, secret_names: [], secrets: {} },
      tasks: { add: ({ config }) => Number(config.a) + Number(config.b) },
    }),
  );
  const configs = {
    paper_fetch: { categories: ['cs.DC'] },
    maintenance: {},
    custom: { task_type: 'add', a: 1, b: 2 },
    http_request: { url },
  };
  for (const [job_type, config] of Object.entries(configs)) {
    await line.create(instance.store, job_type, config);
    expect(await line.until(instance.run())).toMatchObject({ status: 'success', job_type });
  }
});

test('the shipped types are known by these names', async () => {
  const definitions = shippedJobs({
    store: await line.open(),
    arxiv_api_url: 'http://127.0.0.1:1',
    http: { allow_private: false, secret_names: [], secrets: {} },
    tasks: {},
  });
  const names = ['custom', 'http_request', 'maintenance', 'paper_fetch'];
  expect(createRegistry(definitions).types).toEqual(names);
});
