// Events as an EventSource reads them.
import type { JobEvent } from '../../core/job.ts';
import type { EventAnswer } from '../wire/answers.ts';
import type { Look } from './follow.ts';

/** Keeps what stands between us and the reader from taking the connection for a dead one. */
export const COMMENT = ':\n\n';

/** How long a reader waits before it connects again. */
export const retryFrame = (ms: number): string => `retry: ${ms}\n\n`;

export const eventFrame = (event: JobEvent): string => {
  const answer: EventAnswer = { ...event, at: event.at.toISOString() };
  // JSON has no bare line break: one line it is.
  return `event: ${event.kind}\nid: ${event.event_id}\ndata: ${JSON.stringify(answer)}\n\n`;
};

/** Without an id: whoever reads again from the last event hears of the end again. */
export const endFrame = ({ end }: Look): string =>
  end === null ? '' : `event: end\ndata: ${JSON.stringify({ status: end })}\n\n`;
