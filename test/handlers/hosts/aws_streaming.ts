// The part of Lambda's runtime that streams, as its own client has it: what a function finds in the global
// `awslambda`, and a stream that puts the head before the first byte.
import type { Writable } from 'node:stream';

type Streamed = (event: unknown, sink: Writable, context: object) => Promise<unknown>;

/** A stream of the runtime's: its content type can be set until something is written. */
type Sink = Writable & {
  setContentType(type: string): void;
  _onBeforeFirstWrite?: (write: (bytes: string | Uint8Array) => void) => void;
};

const HEAD_TYPE = 'application/vnd.awslambda.http-integration-response';
const STREAMED = Symbol('streamed');

/** Makes a stream one of the runtime's. */
const prepare = (stream: Writable, setType: (type: string) => void = () => undefined): Sink => {
  const write = stream.write.bind(stream) as Writable['write'];
  let written = false;
  const sink = Object.assign(stream, {
    setContentType: (type: string) => {
      if (written) throw new Error('Cannot set content-type, too late.');
      setType(type);
    },
  }) as Sink;
  sink.write = ((...chunk: Parameters<Writable['write']>) => {
    if (!written) sink._onBeforeFirstWrite?.((bytes) => write(bytes));
    written = true;
    return write(...chunk);
  }) as Writable['write'];
  return sink;
};

export const streamingRuntime = () => ({
  prepare,
  streamifyResponse: (handler: Streamed) => Object.assign(handler, { [STREAMED]: true }),
  HttpResponseStream: {
    from: (sink: Sink, head: object): Sink => {
      sink.setContentType(HEAD_TYPE);
      sink._onBeforeFirstWrite = (write) => {
        write(JSON.stringify(head));
        write(new Uint8Array(8));
      };
      return sink;
    },
  },
});

/** Whether the runtime is to give this handler a stream. */
export const isStreamed = (handler: object): boolean => STREAMED in handler;
