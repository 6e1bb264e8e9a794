// A wire to Postgres that counts the round trips on it, is as long as asked, and breaks when told.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { asksForEncryption, createFrames, READY_FOR_QUERY } from './frames.ts';

/** `lose_answer`: the server has done all of it. `lose_request`: it has heard nothing. */
type Break = 'lose_answer' | 'lose_request';

export interface Trips {
  connections: number;
  /** the client spoke and the server answered, until the connection was ready for queries */
  setup: number;
  /** the same from then on */
  queries: number;
}

export interface Wire {
  /** the database's address by way of this wire */
  url: string;
  trips: Trips;
  /** connections that the server has not ended */
  readonly live: number;
  /** Begins to count anew. */
  reset(): void;
  /** The connection ends at the next query whose bytes fit; orders are used up in turn. */
  breaks(how: Break, only?: RegExp): void;
  /** All connections end now. */
  cut(): void;
  /** Nothing passes any more, on new connections neither. */
  hang(): void;
  /** What was held up passes now. */
  resume(): void;
  /** New connections are refused. */
  shut(): void;
  open(): Promise<void>;
  stop(): void;
}

export const startWire = async (
  database: string,
  { delay_ms = 0 }: { delay_ms?: number } = {},
): Promise<Wire> => {
  const target = Number(new URL(database).port);
  const trips: Trips = { connections: 0, setup: 0, queries: 0 };
  const reset = () => void Object.assign(trips, { connections: 0, setup: 0, queries: 0 });
  const open = new Set<() => void>();
  const orders: { how: Break; only: RegExp }[] = [];
  let held: (() => void)[] | undefined;

  const pass = (action: () => void) => (held ? void held.push(action) : action());
  const later = (action: () => void) => {
    if (delay_ms === 0) pass(action);
    else setTimeout(pass, delay_ms, action);
  };
  const orderFor = (chunk: Buffer): Break | undefined => {
    const text = chunk.toString('latin1');
    const index = orders.findIndex(({ only }) => only.test(text));
    return index < 0 ? undefined : orders.splice(index, 1)[0]?.how;
  };

  const server = createServer({ noDelay: true }, (client: Socket) => {
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true });
    const frames = createFrames();
    let first = true;
    let ready = false;
    let asked = false;
    let losing = false;
    trips.connections += 1;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    open.add(end);

    client.on('data', (chunk) => {
      if (first && asksForEncryption(chunk)) frames.skip(1);
      else first = false;
      const order = ready && !losing ? orderFor(chunk) : undefined;
      if (order === 'lose_request') return end();
      losing ||= order === 'lose_answer';
      asked = true;
      later(() => void upstream.write(chunk));
    });
    upstream.on('data', (chunk) => {
      if (asked) trips[ready ? 'queries' : 'setup'] += 1;
      asked = false;
      const said = frames.types(chunk).includes(READY_FOR_QUERY);
      ready ||= said;
      if (!losing) later(() => void client.write(chunk));
      else if (said) end();
    });
    // Whatever was said before the end is still delivered.
    client.on('close', () => later(() => upstream.destroySoon()));
    upstream.on('close', () => {
      later(() => client.destroySoon());
      open.delete(end);
    });
    for (const socket of [client, upstream]) socket.on('error', end);
  });

  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  server.unref();
  const { port } = server.address() as AddressInfo;
  const url = new URL(database);
  url.port = String(port);
  const cut = () => {
    for (const end of open) end();
  };
  return {
    url: url.href,
    trips,
    get live() {
      return open.size;
    },
    reset,
    breaks: (how, only = /^/) => void orders.push({ how, only }),
    cut,
    hang: () => {
      held ??= [];
    },
    resume: () => {
      const actions = held ?? [];
      held = undefined;
      for (const action of actions) action();
    },
    shut: () => void server.close(),
    open: () => listen(port),
    stop: () => {
      server.close();
      cut();
    },
  };
};
