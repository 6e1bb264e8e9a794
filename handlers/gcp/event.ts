// Pure: what a Cloud Function is called with, by HTTP or as a CloudEvent, understood or refused.
import { isObject } from '../../src/core/json.ts';
import { isInput, readInput, refuseEvent, shapeOf, type Wake } from '../../src/core/wake.ts';
import { type HttpRequest, readBody, readCloudEvent } from './cloud_event.ts';

const EXPECTED = 'a request of Cloud Scheduler, or a message of Pub/Sub';

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** The name and the time of a tick, which together are its id; the time comes with `Z` or an offset. */
const tickId = (name: string | null, time: string | null): string | null => {
  const at = new Date(time ?? '');
  const moment = Number.isNaN(at.getTime()) ? time : at.toISOString();
  return name === null && moment === null ? null : `${name ?? ''}@${moment ?? ''}`;
};

const decoded = (data: unknown): unknown => {
  try {
    return JSON.parse(Buffer.from(String(data ?? ''), 'base64').toString('utf8'));
  } catch {
    return undefined; // a message may say whatever it likes; that it came is enough
  }
};

/** A push names a message twice, as `messageId` and as `message_id`. */
const ofMessage = (message: Record<string, unknown>, id: string | null): Wake => {
  const own = text(message.messageId) ?? text(message.message_id) ?? id;
  const input = decoded(message.data);
  return isInput(input) ? readInput(input, 'gcp.pubsub', own) : { source: 'gcp.pubsub', id: own };
};

/** A CloudEvent of Pub/Sub or Cloud Scheduler; throws an InputError for all others. */
export const understandEvent = (event: unknown): Wake => {
  if (!isObject(event) || text(event.type) === null) {
    return refuseEvent(shapeOf(event), EXPECTED);
  }
  const { type, data } = event;
  const id = text(event.id);
  if (type === 'google.cloud.scheduler.job.v1.executed') return { source: 'gcp.scheduler', id };
  if (type !== 'google.cloud.pubsub.topic.v1.messagePublished') {
    return refuseEvent(`an event of ${type}`, EXPECTED);
  }
  const message = isObject(data) ? data.message : undefined;
  if (!isObject(message)) return refuseEvent('a message of Pub/Sub without its message', EXPECTED);
  return ofMessage(message, id);
};

/** A request of Cloud Scheduler, a push of Pub/Sub, a CloudEvent, or an input of ours sent by hand. */
export const understandRequest = (request: HttpRequest): Wake => {
  const header = (name: string) => text(request.headers[name]);
  const body = readBody(request.body);
  const event = readCloudEvent(request.headers, body);
  if (event !== null) return understandEvent(event);
  if (header('x-cloudscheduler') !== null || header('x-cloudscheduler-jobname') !== null) {
    const id = tickId(header('x-cloudscheduler-jobname'), header('x-cloudscheduler-scheduletime'));
    // The body of a tick is the person's own, unless it says that it is for us.
    return isInput(body) ? readInput(body, 'gcp.scheduler', id) : { source: 'gcp.scheduler', id };
  }
  if (isInput(body)) return readInput(body, 'gcp.invoke', null);
  const message = isObject(body) && text(body.subscription) !== null ? body.message : undefined;
  if (isObject(message) && (text(message.messageId) ?? text(message.message_id)) !== null) {
    return ofMessage(message, null);
  }
  return refuseEvent(`a ${request.method} request of somebody else`, EXPECTED);
};
