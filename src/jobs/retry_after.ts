// The Retry-After header of an HTTP answer, in seconds.

const LONGEST_SECONDS = 24 * 60 * 60;

/**
 * Seconds from now, at most a day; null when the header is absent or says nothing readable. A date
 * is measured against the answer's own Date header, so that a skewed clock here does not matter.
 */
export const retryAfterSeconds = (
  retryAfter: string | null | undefined,
  date: string | null | undefined,
): number | null => {
  if (retryAfter === null || retryAfter === undefined || retryAfter.trim() === '') return null;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.min(Math.max(seconds, 0), LONGEST_SECONDS);
  const until = Date.parse(retryAfter);
  if (Number.isNaN(until)) return null;
  const sent = Date.parse(date ?? '');
  const from = Number.isNaN(sent) ? Date.now() : sent;
  return Math.min(Math.max((until - from) / 1000, 0), LONGEST_SECONDS);
};
