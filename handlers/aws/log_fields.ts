// Pure: what CloudWatch finds in each log line of a Lambda function, beside our own fields.
import type { Invocation } from '../../src/invocation.ts';

/** `xray` as Lambda gives it: `Root=1-…;Parent=…;Sampled=1`. */
export const logFields = (request_id: string, xray: string | null): Invocation['fields'] => {
  const trace = /Root=([^;]+)/.exec(xray ?? '')?.[1];
  // The names of Lambda's own JSON format: by `level` and `timestamp` it filters and sorts.
  return (severity, timestamp) => ({
    timestamp,
    level: severity === 'WARNING' ? 'WARN' : severity,
    requestId: request_id,
    ...(trace !== undefined && { trace_id: trace }),
  });
};
