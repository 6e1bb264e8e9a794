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

/** A body may be the person's own, whatever it says, unless it says that it is for us. */
const wakeOf = (source: string, id: string | null, body: unknown): Wake =>
  isInput(body) ? readInput(body, source, id) : { source, id };

/** A push names a message twice, as `messageId` and as `message_id`. */
const messageId = (message: Record<string, unknown>): string | null =>
  text(message.messageId) ?? text(message.message_id);

const ofMessage = (message: Record<string, unknown>, id: string | null): Wake => {
  const data = readBody(Buffer.from(String(message.data ?? ''), 'base64'));
  return wakeOf('gcp.pubsub', messageId(message) ?? id, data);
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
    return wakeOf('gcp.scheduler', id, body);
  }
  if (isInput(body)) return readInput(body, 'gcp.invoke', null);
  const message = isObject(body) && text(body.subscription) !== null ? body.message : undefined;
  if (isObject(message) && messageId(message) !== null) return ofMessage(message, null);
  return refuseEvent(`a ${request.method} request of somebody else`, EXPECTED);
};
