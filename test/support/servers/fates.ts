// What may become of a request on its way to a hosted database, told beforehand by a test.

/**
 * `pass`: it is answered. `unavailable`: PostgREST's 503 without a database. `bad_gateway`: the
 * proxy's 502, which is HTML. `refuse`: the connection ends and nothing was done. `hang`: neither
 * answer nor end, and nothing done, until `release`. `lose`: done, and the answer is lost.
 */
export type Fate = 'pass' | 'unavailable' | 'bad_gateway' | 'refuse' | 'hang' | 'lose';

interface Order {
  fate: Fate;
  left: number;
  only: RegExp;
}

export interface Fates {
  /** What becomes of the next request to this path. */
  next(path: string): Fate;
  /** The next `times` requests to paths that fit meet this fate; orders are used up in turn. */
  misbehave(fate: Fate, times?: number, only?: RegExp): void;
  /** Forgets all orders, and lets those that hang go on. */
  calm(): void;
  /** Lets those that hang go on: they reach the server late, whether or not anyone still waits. */
  release(): void;
  released(): Promise<void>;
  /** how many hang */
  readonly hanging: number;
}

export const createFates = (): Fates => {
  let orders: Order[] = [];
  const waiting: (() => void)[] = [];
  const release = () => {
    for (const go of waiting.splice(0)) go();
  };
  return {
    next: (path) => {
      const order = orders.find(({ left, only }) => left > 0 && only.test(path));
      if (order === undefined) return 'pass';
      order.left -= 1;
      return order.fate;
    },
    misbehave: (fate, times = 1, only = /^/) => void orders.push({ fate, left: times, only }),
    calm: () => {
      orders = [];
      release();
    },
    release,
    released: () => new Promise((resolve) => void waiting.push(resolve)),
    get hanging() {
      return waiting.length;
    },
  };
};
