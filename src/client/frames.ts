// The frames of an event stream, as its bytes come in.
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Opened } from './connection.ts';
import { ApiError } from './error.ts';

/** The API says something every 15 s: three silences in a row, and the connection is dead. */
const SILENCE_MS = 45_000;

/** An event is 1 MiB at most, a little more as JSON text. */
const LONGEST_FRAME = 16 * 1024 * 1024;

const invalid = (status: number, cause?: unknown): ApiError =>
  new ApiError('The events were answered with something else than a stream of events.', {
    status,
    code: 'answer_invalid',
    cause,
  });

/**
 * Whole frames only: half a frame at the end of a connection is none. Ends with the connection, also
 * when it breaks; throws an ApiError for what is no stream of events.
 */
export async function* framesOf(
  { response, watch }: Opened,
  onRetry: (ms: number) => void,
): AsyncGenerator<EventSourceMessage, void, undefined> {
  const { body, headers, status } = response;
  if (!/^text\/event-stream\b/i.test(headers.get('content-type') ?? '')) throw invalid(status);
  const frames: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (frame) => frames.push(frame),
    onRetry,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw invalid(status, error);
    },
    maxBufferSize: LONGEST_FRAME,
  });
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  const read = async (): Promise<Uint8Array | undefined> => {
    watch.begin(SILENCE_MS);
    // How a connection ends does not matter: whoever reads goes on after the last event.
    const part = await reader?.read().catch(() => undefined);
    watch.done();
    return part?.value;
  };
  for (let bytes = await read(); bytes !== undefined; bytes = await read()) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* frames.splice(0);
  }
}
