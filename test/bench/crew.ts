// Several worker processes that are given the same order at the same time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** How many jobs, and in how many milliseconds. */
export interface Done {
  jobs: number;
  ms: number;
}

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

/** Runs `use` with `size` processes of this program, started as `role`, and ends them after it. */
export const withCrew = async <Order extends object, T>(
  size: number,
  role: string,
  use: (all: (order: Order) => Promise<Done[]>) => Promise<T>,
): Promise<T> => {
  const [, program] = process.argv;
  if (program === undefined) throw new Error('which program is this?');
  const workers = Array.from({ length: size }, () => fork(program, ['--worker', role]));
  const all = async (order: Order): Promise<Done[]> => {
    const answers = workers.map(answerOf);
    for (const worker of workers) worker.send(order);
    return (await Promise.all(answers)).filter((done) => done !== null);
  };
  try {
    return await use(all);
  } finally {
    for (const worker of workers) worker.kill();
  }
};

/** Carries out orders of the parent process, one after another, until it is told to close. */
export const obey = <Order extends { do: string }>(
  carryOut: (order: Order) => Promise<Done | null>,
): void => {
  process.on('message', (order: Order) => {
    void carryOut(order)
      .then((done) => process.send?.({ done }))
      .finally(() => {
        if (order.do === 'close') process.disconnect();
      });
  });
};

export const timed = async (work: () => number | Promise<number>): Promise<Done> => {
  const began = performance.now();
  const jobs = await work();
  return { jobs, ms: performance.now() - began };
};
