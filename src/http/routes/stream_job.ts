// The events of a job as they come, by SSE (https://html.spec.whatwg.org/multipage/server-sent-events.html).
import * as z from 'zod';
import { problemsOf } from '../../core/rules.ts';
import { InputError, NotFoundError } from '../../errors.ts';
import { wholeIn } from '../query.ts';
import { route } from '../route.ts';

const MOST = 2 ** 31 - 1;

const place = z.lazy(() => z.strictObject({ after: wholeIn(0, MOST).optional() }));

const header = z.lazy(() => z.object({ 'Last-Event-ID': wholeIn(0, MOST) }));

/** Where the reader was; null = nowhere yet: a reader that saw no event sends it empty. */
const lastSeen = (headers: Headers): number | null => {
  const given = headers.get('last-event-id') ?? '';
  if (given === '') return null;
  const parsed = header.safeParse({ 'Last-Event-ID': given });
  if (parsed.success) return parsed.data['Last-Event-ID'];
  throw new InputError(problemsOf(parsed.error));
};

export const streamJob = route<z.output<typeof place>>({
  method: 'GET',
  path: '/jobs/{job_id}/stream',
  operation: 'streamJob',
  summary: 'Sends what happens to a job, from its creation to its end, as it happens',
  description:
    'Events are `status`, `step`, `progress` and `log`, and `end` when the job is over. `Last-Event-ID`, ' +
    'or `after`, goes on behind that event; 204 says that nothing more will come.',
  scope: 'read',
  query: place,
  answers: {
    200: { description: 'Events', schema: 'text/event-stream' },
    204: { description: 'The job is over, and everything was read' },
  },
  run: async ({ deps, params: { job_id = '' }, query, headers, peer, head }) => {
    const after = lastSeen(headers) ?? query.after ?? null;
    // Nobody reads what follows a head alone.
    if (head && (await deps.runner.store.getJob(job_id)) === null) {
      throw new NotFoundError('job', job_id);
    }
    if (head) return new Response(null, { headers: { 'content-type': 'text/event-stream' } });
    return deps.streams.open(job_id, after, peer.streams);
  },
});
