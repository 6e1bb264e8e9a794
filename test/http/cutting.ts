// A way to a server that breaks off after so many bytes, wherever in a frame that is.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  url: string;
  /** Ends of what was let through before each cut, in order. */
  cuts: string[];
  close(): Promise<void>;
}

/** Before it `port`; each connection is cut after as many bytes of answers as `next` says; null = never. */
export const cuttingProxy = async (
  port: number,
  next: () => number | null,
): Promise<CuttingProxy> => {
  const sockets = new Set<Socket>();
  const cuts: string[] = [];
  const kept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A connection that is destroyed while the other side writes is what this is for.
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const server = createServer((reader) => {
    const source = connect(port, '127.0.0.1');
    kept(reader);
    kept(source);
    const both = () => {
      reader.destroy();
      source.destroy();
    };
    reader.on('close', both);
    source.on('close', both);
    reader.pipe(source);
    let left = next();
    source.on('data', (bytes: Buffer) => {
      if (left === null || bytes.length < left) {
        if (left !== null) left -= bytes.length;
        reader.write(bytes);
        return;
      }
      const part = bytes.subarray(0, left);
      cuts.push(part.subarray(-8).toString('latin1'));
      source.destroy();
      reader.write(part, both);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
