// Free ports on 127.0.0.1, for servers that have to be told theirs.
import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

// Below those that systems hand out by themselves: no connection of another test takes one of them
// between here and the server's start.
const [FIRST, LAST] = [12_000, 32_000];

const listens = (probe: Server, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => resolve(true));
  });

export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    const probe = createServer();
    if (await listens(probe, port)) {
      await new Promise((resolve) => probe.close(resolve));
      return port;
    }
  }
};
