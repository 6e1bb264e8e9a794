// One invocation of a Cloud Function: which deadline and which log fields it has, what it answers.
import { httpStatusOf, RunnerError } from '../../src/errors.ts';
import { type Answer, type Invocation, invoke, type OwnJobs } from '../../src/invocation.ts';
import { readPlatform } from '../../src/settings/platform.ts';
import type { HttpRequest } from './cloud_event.ts';
import { understandEvent, understandRequest } from './event.ts';
import { logFields } from './log_fields.ts';

/** What a function has that is deployed without saying how long it may run. */
const LEAST_SECONDS = 60;

type Answered = { status: number } & (Answer | { code: string; error: string });

const invocationOf = (
  understand: Invocation['understand'],
  trace: { traceparent?: unknown; cloud_trace_context?: unknown },
): Invocation => {
  const { timeout_seconds, gcp_project } = readPlatform();
  return {
    understand,
    time_left_ms: timeout_seconds === null ? null : timeout_seconds * 1000,
    least_seconds: LEAST_SECONDS,
    fields: logFields(trace.traceparent, trace.cloud_trace_context, gcp_project),
  };
};

/** Never throws: 200 for a drain, whatever became of its jobs; 400 for what is no event of ours. */
export const invokeRequest = async (
  request: HttpRequest,
  closed: AbortSignal,
  own: OwnJobs,
): Promise<Answered> => {
  const { traceparent, 'x-cloud-trace-context': cloud_trace_context } = request.headers;
  const understand = () => understandRequest(request);
  const trace = { traceparent, cloud_trace_context };
  try {
    const invocation = { ...invocationOf(understand, trace), given_up: closed };
    return { status: 200, ...(await invoke(invocation, own)) };
  } catch (error) {
    const told = error instanceof RunnerError;
    const [code, said] = told ? [error.code, error.message] : ['unexpected', 'see the log'];
    return { status: httpStatusOf(error), code, error: said };
  }
};

/** Throws what `invoke` throws. */
export const invokeEvent = async (event: unknown, own: OwnJobs): Promise<Answered> => {
  const traceparent = (event as { traceparent?: unknown } | null)?.traceparent;
  const invocation = invocationOf(() => understandEvent(event), { traceparent });
  return { status: 200, ...(await invoke(invocation, own)) };
};
