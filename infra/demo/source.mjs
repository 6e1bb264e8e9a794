// Where the demo's papers come from: arXiv when it can be reached, else the feed beside this file.
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';

const ARXIV = 'https://export.arxiv.org/api/query';
const PATIENCE_MS = 4000;

/** The address that will be asked when it can be reached. */
export const liveUrl = process.env.ARXIV_API_URL || ARXIV;

/**
 * Whether the live address takes a connection. It asks nothing: arXiv allows one request in three
 * seconds, and the job is to have it.
 */
export const isReachable = () =>
  new Promise((resolve) => {
    const { protocol, hostname: host, port } = new URL(liveUrl);
    const secure = protocol === 'https:';
    const socket = secure
      ? connectTls({ host, port: Number(port || 443), servername: host })
      : connectPlain({ host, port: Number(port || 80) });
    const answer = (reachable) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reachable);
    };
    const timer = setTimeout(() => answer(false), PATIENCE_MS);
    socket.once(secure ? 'secureConnect' : 'connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
