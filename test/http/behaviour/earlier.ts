// The paths of an older system: the same jobs, and links that stay among these paths.
import { expect } from '@jest/globals';
import type {
  CreatedAnswer,
  JobDetailAnswer,
  JobListAnswer,
} from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import { readToEnd } from './event_source.ts';
import { LATER, type Stage } from './stage.ts';

const older = async (stage: Stage) => {
  const { ask, post } = stage;
  const { status, json } = await post<CreatedAnswer>(
    `/ops/jobs/maintenance?name=older&run_at=${LATER}`,
    { vacuum: true },
  );
  const poll_url = `/ops/jobs/${json.job_id}`;
  expect({ status, json }).toMatchObject({
    status: 201,
    json: { poll_url, sse_url: `${poll_url}/stream` },
  });
  const detail = (await ask<JobDetailAnswer>(poll_url)).json;
  expect(detail).toMatchObject({ name: 'older', config: { vacuum: true }, actor: 'ops' });
  expect((await ask<JobDetailAnswer>(`/api/v1/jobs/${json.job_id}`)).json).toEqual(detail);
  const page = await ask<JobListAnswer>('/ops/jobs?limit=1');
  expect(page.json.next).toMatch(/^\/ops\/jobs\?/);
  expect(await post(`${poll_url}/cancel`)).toMatchObject({ json: { status: 'cancelled' } });
  expect((await readToEnd(stage, json.sse_url)).at(-1)).toMatchObject({ event: 'end' });
  expect((await ask(poll_url, { method: 'DELETE' })).status).toBe(204);
};

export const earlier: Behaviours = {
  'serves jobs by the older paths, too': older,
};
