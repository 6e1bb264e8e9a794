// Pure: what a Lambda function is called with, understood as a wake, or refused.
import { isObject } from '../../src/core/json.ts';
import { isInput, readInput, refuseEvent, shapeOf, type Wake } from '../../src/core/wake.ts';

const EXPECTED = 'a "Scheduled Event" of an EventBridge rule or of EventBridge Scheduler';

/** Rules say `aws.events`; schedules say `aws.scheduler`, and their `detail` is the text `"{}"`. */
const sources = ['aws.events', 'aws.scheduler'];

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What it looks like, for the person who wired the wrong thing to the function. */
const describe = (event: Record<string, unknown>): string => {
  const [record] = list(event.Records);
  if (isObject(record))
    return `records of ${record.eventSource ?? record.EventSource ?? 'a queue'}`;
  if ('requestContext' in event || 'httpMethod' in event) return 'an HTTP request';
  if (typeof event.source === 'string') {
    return `an event of ${event.source} (${JSON.stringify(event['detail-type'] ?? null)})`;
  }
  return shapeOf(event);
};

/** `invoke local` and the console's `aws lambda invoke` send nothing at all. */
const isNothing = (event: unknown): boolean =>
  event === undefined ||
  event === null ||
  event === '' ||
  (isObject(event) && Object.keys(event).length === 0);

/** Throws an InputError for whatever is neither a schedule's event, nor an input of ours, nor nothing. */
export const understand = (event: unknown, request_id: string | null): Wake => {
  if (isNothing(event)) return { source: 'aws.invoke', id: request_id };
  // A schedule that is given an input sends that alone, without any envelope; only it knows a time.
  if (isInput(event)) {
    return readInput(event, 'time' in event ? 'aws.scheduler' : 'aws.invoke', request_id);
  }
  if (!isObject(event)) return refuseEvent(shapeOf(event), EXPECTED);
  const { source, id } = event;
  if (event['detail-type'] !== 'Scheduled Event' || !sources.includes(String(source))) {
    return refuseEvent(describe(event), EXPECTED);
  }
  return { source: String(source), id: typeof id === 'string' ? id : null };
};
