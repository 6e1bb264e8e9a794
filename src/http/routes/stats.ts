// Statistics: what there is now, and what ended lately.
import * as z from 'zod';
import { wholeIn } from '../query.ts';
import { type AnyRoute, answer, route } from '../route.ts';

const stats = route({
  method: 'GET',
  path: '/stats',
  operation: 'getStats',
  summary: 'Counts jobs by type and status, what is due, and executions of the last day',
  scope: 'read',
  answers: { 200: { description: 'Counts, as they were `at` that time', schema: 'Stats' } },
  run: async ({ deps }) => answer(await deps.stats()),
});

const stretch = z.lazy(() => z.strictObject({ hours: wholeIn(1, 720).optional() }));

const timeline = route<z.output<typeof stretch>>({
  method: 'GET',
  path: '/stats/timeline',
  operation: 'getTimeline',
  summary: 'Counts executions that ended, and slots decided, over the last hours, part by part',
  scope: 'read',
  query: stretch,
  answers: { 200: { description: 'Parts of equal length', schema: 'Timeline' } },
  run: async ({ deps, query: { hours = 24 } }) => answer(await deps.timeline(hours)),
});

export const statsRoutes: AnyRoute[] = [stats, timeline];
