// Pure: the body of a request, and the CloudEvent it may carry, by the CloudEvents HTTP binding
// (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md).
import { isObject } from '../../src/core/json.ts';

/** What is read of a request: names of headers in lower case, as Node gives them. */
export interface HttpRequest {
  method: string;
  headers: Record<string, string | string[] | undefined>;
  /** parsed, or the bytes: without a Content-Type the framework does not parse JSON */
  body: unknown;
}

/** The body as JSON where it is that; otherwise as text. */
export const readBody = (body: unknown): unknown => {
  const bytes = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body;
  if (typeof bytes !== 'string') return bytes;
  try {
    return JSON.parse(bytes);
  } catch {
    return bytes;
  }
};

/**
 * Structured: the body is the event. Binary: attributes are headers `ce-…`, the body is its data;
 * who has no Content-Type but `specversion` in its body means the first. null = no CloudEvent.
 */
export const readCloudEvent = (
  headers: HttpRequest['headers'],
  body: unknown,
): Record<string, unknown> | null => {
  const structured = String(headers['content-type'] ?? '').startsWith('application/cloudevents');
  if (isObject(body) && (structured || 'specversion' in body)) return body;
  if (headers['ce-type'] === undefined || headers['ce-id'] === undefined) return null;
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice('ce-'.length), value] as const] : [],
  );
  return { ...Object.fromEntries(attributes), data: body };
};
