// What every contender of the Postgres bench can do: make its tables, create jobs, use them up.

/** Of every job, whoever keeps it; what the `custom` job type needs. */
export const payload = { task_type: 'bench' };

/** An open contender inside one process. */
export interface Hands {
  /** That many jobs that do nothing, in one call. */
  create(jobs: number): Promise<void>;
  /** Works on all connections at once until nothing is left; answers how many jobs were done. */
  drain(): Promise<number>;
  close(): Promise<void>;
}

export interface Contender {
  /** Makes its tables in an empty database. */
  install(url: string): Promise<void>;
  /** With that many connections of its own. */
  open(url: string, connections: number): Promise<Hands>;
}

/** The same loop on every connection, and how often it came round in all of them. */
export const onEach = async <Connection>(
  connections: Connection[],
  untilEmpty: (connection: Connection) => Promise<number>,
): Promise<number> => {
  const done = await Promise.all(connections.map(untilEmpty));
  return done.reduce((sum, jobs) => sum + jobs, 0);
};

/** A connection that ends between two queries; in the middle of one, the query is rejected as well. */
export const ignoreEnd = (): void => undefined;

/** Opens `count` things, one after another: a server in a hurry refuses nobody. */
export const openSeveral = async <T>(count: number, open: () => Promise<T>): Promise<T[]> => {
  const opened: T[] = [];
  for (let n = 0; n < count; n += 1) opened.push(await open());
  return opened;
};
