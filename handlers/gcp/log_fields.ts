// Pure: what Cloud Logging finds in each log line of a Cloud Function, beside our own fields.
import type { Invocation } from '../../src/invocation.ts';

/** `00-TRACE-SPAN-FLAGS`, https://www.w3.org/TR/trace-context/#traceparent-header */
const W3C = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/;
/** `TRACE/SPAN;o=1`, the header from before that standard; its span is a decimal number */
const EARLIER = /^([0-9a-f]{32})(?:\/(\d{1,20}))?/;

const spanOf = (decimal: string | undefined): string | undefined =>
  decimal === undefined ? undefined : BigInt(decimal).toString(16).padStart(16, '0');

/** By `logging.googleapis.com/trace` all lines of one request are shown together. */
export const logFields = (
  traceparent: unknown,
  cloud_trace_context: unknown,
  project: string | null,
): Invocation['fields'] => {
  const w3c = W3C.exec(String(traceparent ?? ''));
  const earlier = EARLIER.exec(String(cloud_trace_context ?? ''));
  const trace = w3c?.[1] ?? earlier?.[1];
  const span = w3c?.[2] ?? spanOf(earlier?.[2]);
  const fields = {
    ...(trace !== undefined && {
      'logging.googleapis.com/trace':
        project === null ? trace : `projects/${project}/traces/${trace}`,
    }),
    ...(span !== undefined && { 'logging.googleapis.com/spanId': span }),
  };
  return () => fields;
};
