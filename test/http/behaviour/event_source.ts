// A reader of events as browsers have it: after each connection that ends it comes back, and goes on where
// it was.
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Received } from './hosts/host.ts';
import type { Stage } from './stage.ts';

/** The frames of one answer, as they come. */
export async function* framesOf({ body }: Received): AsyncGenerator<EventSourceMessage> {
  const frames: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (frame) => frames.push(frame) });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* frames.splice(0);
  }
}

/** Reads to the event `end`, which is the last one. Calls `seen` with each. */
export const readToEnd = async (
  { send }: Stage,
  path: string,
  seen: (frame: EventSourceMessage) => void = () => undefined,
): Promise<EventSourceMessage[]> => {
  const all: EventSourceMessage[] = [];
  for (;;) {
    const last = all.findLast(({ id }) => id !== undefined)?.id;
    const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
    const received = await send(path, { headers });
    if (received.status !== 200) throw new Error(`${path} answered ${received.status}`);
    for await (const frame of framesOf(received)) {
      all.push(frame);
      seen(frame);
      if (frame.event === 'end') return all;
    }
  }
};
