// Several worker processes that are given the same order at the same time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Done, Order } from './worker.ts';

const answerOf = async (worker: ChildProcess): Promise<Done | null> => {
  const over = new AbortController();
  const { signal } = over;
  const died = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`a worker of the bench ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(worker, 'message', { signal }), died]);
    return (message as { done: Done | null }).done;
  } finally {
    over.abort();
    await died.catch(() => {});
  }
};

/** Runs `use` with `size` processes that have opened both files, and ends them after it. */
export const withCrew = async <T>(
  size: number,
  files: { bare: string; line: string },
  use: (all: (order: Order) => Promise<Done[]>) => Promise<T>,
): Promise<T> => {
  const [, program] = process.argv;
  if (program === undefined) throw new Error('which program is this?');
  const workers = Array.from({ length: size }, () => fork(program, ['--worker']));
  const all = async (order: Order): Promise<Done[]> => {
    const answers = workers.map(answerOf);
    for (const worker of workers) worker.send(order);
    return (await Promise.all(answers)).filter((done) => done !== null);
  };
  try {
    await all({ do: 'open', ...files });
    const answer = await use(all);
    await all({ do: 'close' });
    return answer;
  } finally {
    for (const worker of workers) worker.kill();
  }
};
