// A connection without any client between: what is written is what is sent, and all that comes is kept.
import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawConnection {
  send(text: string): void;
  /** resolves once all of what came holds `text`; rejects when the connection ends before */
  hears(text: string): Promise<string>;
  /** all that came; resolves when the other side has ended it */
  ended: Promise<string>;
  hangUp(): void;
}

export const rawConnection = async (url: string): Promise<RawConnection> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let came = '';
  const ended = new Promise<string>((resolve) => {
    socket.once('error', () => undefined).once('close', () => resolve(came));
  });
  socket.on('data', (chunk) => {
    came += chunk;
  });
  return {
    send: (text) => void socket.write(text),
    hears: (text) =>
      new Promise((resolve, reject) => {
        const look = () => came.includes(text) && resolve(came);
        socket.on('data', look);
        socket.once('close', () => reject(new Error(`ended without ${text}: ${came}`)));
        look();
      }),
    ended,
    hangUp: () => socket.destroy(),
  };
};
