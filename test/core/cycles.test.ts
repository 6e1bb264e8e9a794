// Dependencies within one batch of new jobs.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { refuseCycles } from '../../src/core/cycles.ts';
import { newJob } from '../support/jobs.ts';

const batch = (edges: Record<string, string[]>) =>
  Object.entries(edges).map(([job_id, depends_on]) => newJob({ job_id, depends_on }));

const faultOf = (edges: Record<string, string[]>): string => {
  try {
    refuseCycles(batch(edges));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a batch is refused when', () => {
  test.each<[string, Record<string, string[]>, RegExp]>([
    [
      'a job waits for itself',
      { a: ['a'] },
      /depends_on: "a" is the job itself; expected other jobs/,
    ],
    ['two wait for each other', { a: ['b'], b: ['a'] }, /a → b → a is a circle/],
    ['a longer way comes round', { a: ['b'], b: ['c'], c: ['a'] }, /a → b → c → a is a circle/],
    ['a job leads into a circle', { x: ['a'], a: ['b'], b: ['a'] }, /: a → b → a is a circle/],
    ['a circle needs a free job too', { a: ['f', 'b'], b: ['a'], f: [] }, /: a → b → a is a/],
    ['a circle needs an older job too', { a: ['old', 'b'], b: ['a'] }, /: a → b → a is a/],
  ])('%s', (_, edges, message) => {
    expect(faultOf(edges)).toMatch(message);
  });
});

test('any batch in which each job waits for earlier ones only is accepted, in any order', () => {
  const graph = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 });
  fc.assert(
    fc.property(graph, fc.boolean(), (waits, backwards) => {
      const edges = waits.map((needed, i) => [
        `j${i}`,
        needed.filter((n) => n < i).map((n) => `j${n}`),
      ]);
      const jobs = batch(Object.fromEntries(backwards ? edges.toReversed() : edges));
      expect(() => refuseCycles(jobs)).not.toThrow();
    }),
  );
});

test('any batch with a circle put into it is refused, and the way it names is a circle', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(12), (length, tails) => {
      const edges: Record<string, string[]> = {};
      for (let i = 0; i < tails; i += 1) edges[`t${i}`] = [`t${i + 1}`];
      edges[`t${tails}`] = ['c0'];
      for (let i = 0; i < length; i += 1) edges[`c${i}`] = [`c${(i + 1) % length}`];
      const way = /depends_on: (.+) is a circle/.exec(faultOf(edges))?.[1]?.split(' → ') ?? [];
      expect(way).toHaveLength(length + 1);
      expect(way[0]).toBe(way.at(-1));
      for (const [i, id] of way.slice(0, -1).entries()) expect(edges[id]).toContain(way[i + 1]);
    }),
  );
});
