// Prepared statements: used while the connection keeps them, done without from the first refusal on.
import { expect, test } from '@jest/globals';
import type { QueryConfig, QueryResult } from 'pg';
import { preparing } from '../../src/stores/postgres/prepared.ts';

const answer = { rows: [{ answer: 1 }] } as unknown as QueryResult;

/** Remembers what was sent; refuses named statements with `code`, if there is one. */
const connection = (code: string | null) => {
  const sent: QueryConfig[] = [];
  const send = async (query: QueryConfig): Promise<QueryResult> => {
    sent.push(query);
    if (query.name !== undefined && code !== null) {
      throw Object.assign(new Error('refused'), { code, severity: 'ERROR' });
    }
    return answer;
  };
  return { sent, send };
};

test('the same text goes by the same name, on every connection', async () => {
  const [one, other] = [connection(null), connection(null)];
  const ask = preparing(one.send);
  await ask('SELECT 1', []);
  await ask('SELECT 2', []);
  await ask('SELECT 1', []);
  await preparing(other.send)('SELECT 1', []);
  const [first, second, third] = one.sent.map(({ name }) => name);
  expect(first).toMatch(/^cloud_jobs_[0-9a-f]{20}$/);
  expect(second).not.toBe(first);
  expect([third, other.sent[0]?.name]).toEqual([first, first]);
});

test.each(['26000', '42P05', '0A000'])(
  'a refusal with %s is answered by sending statements whole',
  async (code) => {
    const { sent, send } = connection(code);
    const ask = preparing(send);
    expect(await ask('SELECT $1', [7])).toBe(answer);
    expect(await ask('SELECT 2', [])).toBe(answer);
    expect(sent.map(({ name, ...query }) => ({ named: name !== undefined, ...query }))).toEqual([
      { named: true, text: 'SELECT $1', values: [7] },
      { named: false, text: 'SELECT $1', values: [7] },
      { named: false, text: 'SELECT 2', values: [] },
    ]);
  },
);

test('what else goes wrong is thrown on, and sent once', async () => {
  const { sent, send } = connection('57P01');
  await expect(preparing(send)('SELECT 1', [])).rejects.toMatchObject({ code: '57P01' });
  expect(sent).toHaveLength(1);
});
