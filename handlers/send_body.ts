// The body of an answer, written bit by bit to wherever a platform wants it.
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * Ends the sink after the last byte, and when `over` is aborted. A reader that goes away lets go of the
 * body, so that nobody goes on asking the store for it.
 */
export const sendBody = async (
  body: ReadableStream<Uint8Array>,
  sink: Writable,
  over?: AbortSignal,
): Promise<void> => {
  const reader = body.getReader();
  const gone = new AbortController();
  const letGo = () => {
    gone.abort();
    // Whoever is reading then is told that this was all.
    reader.cancel().catch(() => undefined);
  };
  // They stay: a sink may break long after the last byte, and an error nobody hears ends the process.
  for (const event of ['close', 'error']) sink.on(event, letGo);
  over?.addEventListener('abort', letGo);
  if (over?.aborted || sink.destroyed) letGo();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (sink.write(value) || gone.signal.aborted) continue;
      // It rejects for a sink that breaks, and for one that is gone: then there is no more to read.
      await once(sink, 'drain', { signal: gone.signal }).catch(() => undefined);
    }
  } finally {
    over?.removeEventListener('abort', letGo);
    sink.end();
  }
};
