// Sending again what was not answered: every request of the API may be sent twice.
import { ApiError } from './error.ts';
import { pause, type Timers } from './timers.ts';

/** Too many requests; the API, or what stands before it, is out for a moment. */
const PASSING = [429, 502, 503, 504];

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
/** Who is told to come back later than this is told at once. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

interface Resend {
  timers: Timers;
  /** how often it is sent at most */
  sendings: number;
  signal: AbortSignal | undefined;
}

/** Milliseconds until the next sending, each shortened at random by up to a half; null = none. */
const pauseAfter = (error: ApiError, sending: number): number | null => {
  const { retry_after_seconds, status, code } = error;
  if (code !== 'unreachable' && !PASSING.includes(status)) return null;
  const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (sending - 1));
  const shortened = backoff * (1 - Math.random() / 2);
  if (retry_after_seconds === null) return shortened;
  if (retry_after_seconds > LONGEST_RETRY_AFTER_SECONDS) return null;
  // No earlier than it says; and not all who were told the same at the same moment.
  return retry_after_seconds * 1000 + shortened;
};

/** `doubted`: an earlier sending may have been carried out, its answer lost. */
export const resend = async <Answer>(
  { timers, sendings, signal }: Resend,
  send: (doubted: boolean) => Promise<Answer>,
): Promise<Answer> => {
  let doubted = false;
  for (let sending = 1; ; sending += 1) {
    try {
      return await send(doubted);
    } catch (error) {
      const ms = error instanceof ApiError ? pauseAfter(error, sending) : null;
      if (ms === null || sending === sendings) throw error;
      doubted ||= error instanceof ApiError && error.status !== 429;
      await pause(timers, ms, signal);
    }
  }
};
