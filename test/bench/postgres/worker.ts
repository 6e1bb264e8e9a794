// One process of the Postgres bench: opens contenders, then uses up jobs when it is told to.
import { type Done, obey, timed } from '../crew.ts';
import type { Hands } from './contender.ts';
import { contenders, type Name } from './contenders.ts';

export type Order =
  | { do: 'open'; contender: Name; url: string; connections: number }
  | { do: 'drain'; contender: Name }
  | { do: 'close' };

export const work = (): void => {
  const opened = new Map<Name, Hands>();
  obey(async (order: Order): Promise<Done | null> => {
    if (order.do === 'open') {
      const { contender, url, connections } = order;
      opened.set(contender, await contenders[contender].open(url, connections));
      return null;
    }
    if (order.do === 'drain') {
      const hands = opened.get(order.contender);
      if (hands === undefined) throw new Error(`${order.contender} is not open`);
      return timed(() => hands.drain());
    }
    for (const hands of opened.values()) await hands.close();
    return null;
  });
};
