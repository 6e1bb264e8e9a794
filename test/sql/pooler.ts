// A pooler in transaction mode, as PgBouncer is one: clients share a few backends and have one only
// for the length of a transaction, so that whatever they leave in a session is gone, or in the way.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Pooler {
  /** the database's address by way of the pooler */
  url: string;
  stop(): void;
}

/** Calls `take` with each whole message: one byte of type, four of length, the rest. */
const messages = (take: (type: string, message: Buffer) => void) => {
  let rest = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length > 4 && rest.length > rest.readUInt32BE(1)) {
      const end = 1 + rest.readUInt32BE(1);
      take(String.fromCharCode(rest.readUInt8(0)), rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
};

const message = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
};

const IDLE = Buffer.from('I');
const authenticated = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', IDLE)]);

interface Backend {
  socket: Socket;
  /** hears every message; ReadyForQuery says whether the transaction is over */
  client: ((type: string, message: Buffer) => void) | undefined;
}

/** Logs in at a server that asks for no password. */
const openBackend = async (url: URL): Promise<Backend> => {
  const socket = connect({ host: '127.0.0.1', port: Number(url.port), noDelay: true });
  const backend: Backend = { socket, client: undefined };
  socket.on(
    'data',
    messages((type, bytes) => backend.client?.(type, bytes)),
  );
  const named = `user\0${url.username}\0database\0${url.pathname.slice(1)}\0\0`;
  const startup = message('', Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from(named)]));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    backend.client = (type, bytes) => {
      if (type === 'Z') resolve();
      if (type === 'E') reject(new Error(bytes.toString()));
    };
    socket.write(startup);
  });
  backend.client = undefined;
  return backend;
};

/** `database` belongs to a server that trusts everybody; at most `size` clients are served at once. */
export const startPooler = async (database: string, size: number): Promise<Pooler> => {
  const url = new URL(database);
  const backends = await Promise.all(Array.from({ length: size }, () => openBackend(url)));
  // Whoever comes next gets the backend that has been idle for the longest: rarely the same again.
  const idle = [...backends];
  const queue: ((backend: Backend) => void)[] = [];
  const release = (backend: Backend) => {
    backend.client = undefined;
    const next = queue.shift();
    if (next) next(backend);
    else idle.push(backend);
  };

  const serve = (client: Socket) => {
    let backend: Backend | undefined;
    let waiting = false;
    let unanswered = 0;
    const held: Buffer[] = [];
    const take = (given: Backend) => {
      backend = given;
      waiting = false;
      given.client = (type, bytes) => {
        client.write(bytes);
        if (type !== 'Z') return;
        unanswered -= 1;
        if (unanswered > 0 || !bytes.subarray(5).equals(IDLE)) return;
        backend = undefined;
        release(given);
      };
      for (const bytes of held.splice(0)) given.socket.write(bytes);
    };
    client.on('close', () => {
      if (!backend) return;
      // Gone in the middle of a transaction.
      const left = backend;
      unanswered += 1;
      left.client = (type) => {
        if (type === 'Z') unanswered -= 1;
        if (unanswered === 0) release(left);
      };
      left.socket.write(message('Q', Buffer.from('ROLLBACK\0')));
    });
    return (type: string, bytes: Buffer) => {
      if (type === 'X') return void client.end();
      if (type === 'Q' || type === 'S') unanswered += 1;
      if (backend) return void backend.socket.write(bytes);
      held.push(bytes);
      if (waiting) return;
      waiting = true;
      const free = idle.shift();
      if (free) take(free);
      else queue.push(take);
    };
  };

  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => client.destroy());
    // The first message has no type. Who the client is does not matter here.
    client.once('data', () => {
      client.write(authenticated);
      client.on('data', messages(serve(client)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    stop: () => {
      server.close();
      for (const { socket } of backends) socket.destroy();
    },
  };
};
