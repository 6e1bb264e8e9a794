// Loaded before the functions framework, which would listen on every address of the machine: lets it
// listen on loopback and a free port, and says which.
import { type AddressInfo, Server } from 'node:net';
import { announce } from '../../crash/announce.ts';

type Listen = (this: Server, port: unknown, ready: () => void) => Server;

const prototype = Server.prototype as { listen: Listen };
const { listen } = prototype;
prototype.listen = function (_port, ready) {
  const listening = () => {
    ready();
    announce({ said: 'listening', port: (this.address() as AddressInfo).port });
  };
  return listen.call(this, { port: 0, host: '127.0.0.1' }, listening);
};
