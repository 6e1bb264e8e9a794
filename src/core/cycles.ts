// Dependencies within one batch of new jobs: none may lead back to where it began. Jobs that exist
// already cannot depend on new ones, so nothing else can close a circle.
import { InputError } from '../errors.ts';
import type { NewJob } from './store.ts';

const refuse = (message: string): never => {
  throw new InputError([{ path: 'depends_on', message }], 'Job refused');
};

/** Takes away, again and again, the jobs that wait for none of the others; answers what remains. */
const entangled = (jobs: NewJob[]): Map<string, string[]> => {
  const waitsFor = new Map(jobs.map((job) => [job.job_id, new Set<string>()]));
  const neededBy = new Map<string, string[]>();
  for (const { job_id, depends_on } of jobs) {
    for (const needed of depends_on.filter((id) => waitsFor.has(id))) {
      waitsFor.get(job_id)?.add(needed);
      neededBy.set(needed, [...(neededBy.get(needed) ?? []), job_id]);
    }
  }
  const free = [...waitsFor.keys()].filter((id) => waitsFor.get(id)?.size === 0);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    waitsFor.delete(id);
    for (const dependent of neededBy.get(id) ?? []) {
      const left = waitsFor.get(dependent);
      left?.delete(id);
      if (left?.size === 0) free.push(dependent);
    }
  }
  return new Map([...waitsFor].map(([id, needed]) => [id, [...needed]]));
};

/** Throws InputError on a job that depends on itself, directly or around a circle, naming the way. */
export const refuseCycles = (jobs: NewJob[]): void => {
  const remaining = entangled(jobs);
  const way: string[] = [];
  let id = remaining.keys().next().value;
  // Every entangled job waits for another one: following them must come round.
  while (id !== undefined && !way.includes(id)) {
    way.push(id);
    id = remaining.get(id)?.find((needed) => remaining.has(needed));
  }
  if (id === undefined) return;
  const circle = [...way.slice(way.indexOf(id)), id];
  if (circle.length === 2) refuse(`"${id}" is the job itself; expected other jobs`);
  refuse(`${circle.join(' → ')} is a circle; expected jobs that can be done in some order`);
};
