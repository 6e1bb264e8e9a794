// The runner's events as sentences for people.
import type { RunnerEvent } from '../core/events.ts';
import { slotReasons } from '../core/schedule.ts';
import type { LogEvent } from '../log.ts';

const seconds = (value: number): string =>
  value < 1 ? `${Math.round(value * 1000)} ms` : `${Number(value.toFixed(value < 10 ? 2 : 0))} s`;

const recordedSentence = (event: Extract<RunnerEvent, { event: 'job.recorded' }>): string => {
  const head = `${event.name}: ${event.status} after ${seconds(event.duration_seconds)}`;
  const error = event.error_message === null ? '' : `: ${event.error_message}`;
  const retry = event.retry_in_seconds;
  if (event.job_status !== 'waiting' || retry === null) return `${head}${error}`;
  return `${head}${error}; goes on ${retry > 0 ? `in ${seconds(retry)}` : 'at once'}`;
};

const answeredSentence = (event: Extract<LogEvent, { event: 'http.answered' }>): string => {
  const by = event.actor === null ? '' : ` to ${event.actor}`;
  const from = event.source_ip === null ? '' : ` at ${event.source_ip}`;
  return `${event.method} ${event.path}: ${event.status}${by}${from} in ${event.duration_ms} ms`;
};

const slotSentence = (event: Extract<RunnerEvent, { event: `slot.${string}` }>): string => {
  const at = event.slot_at.toISOString().slice(0, 16);
  const job = event.job_id === null ? '' : ` (job ${event.job_id})`;
  return `${event.name}: ${at}Z ${event.event.slice(5)}, ${slotReasons[event.reason]}${job}`;
};

/** The event as one sentence, still with whatever characters jobs put into it. */
export const sentence = (event: LogEvent): string => {
  switch (event.event) {
    case 'job.picked':
      return `${event.name}: picked (${event.job_type}, job ${event.job_id})`;
    case 'job.recorded':
      return recordedSentence(event);
    case 'job.lost':
      return `${event.name}: lock lost (${event.reason}); another instance decides`;
    case 'job.log': {
      const fields = event.fields === undefined ? '' : ` ${JSON.stringify(event.fields)}`;
      return `${event.name}: ${event.message}${fields}`;
    }
    case 'step.done':
      return `${event.name}: step ${event.step} ${event.replayed ? 'was done before' : 'done'}`;
    case 'lock.released':
      return `${event.name}: lock of ${event.held_by} had expired; now ${event.job_status}`;
    case 'slot.fired':
    case 'slot.skipped':
    case 'slot.missed':
    case 'slot.replaced':
      return slotSentence(event);
    case 'schedules.planned':
      return `schedules: ${event.planned} planned on`;
    case 'schedule.unplannable':
      return `schedule ${event.schedule_id} cannot be planned: ${event.reason}`;
    case 'alert.sent':
      return `${event.name}: told of it (${event.kind})`;
    case 'alert.failed':
      return `${event.name}: nobody was told of it (${event.kind}, ${event.of}): ${event.reason}`;
    case 'store.retried':
      return `store: ${event.method} sent again (${event.sending}): ${event.reason}`;
    case 'store.unavailable':
      return `store: ${event.reason}; next try in ${seconds(event.next_try_seconds)}`;
    case 'type.left':
      return `${event.job_type}: due, but left to a run with more time (needs about ${seconds(event.usual_seconds)}, ${seconds(event.left_seconds)} are left)`;
    case 'drain.started':
      return `drain started by ${event.trigger} as ${event.instance_id}`;
    case 'drain.stopped':
      return `drain stopped (${event.stopped}): ${event.picked} picked in ${seconds(event.duration_seconds)}`;
    case 'process.signalled':
      return `${event.signal}: stopping${event.signal.startsWith('SIG') ? '; once more to stop at once' : ''}`;
    case 'code.faulted':
      return `job code threw outside its run (${event.origin}): ${event.message}`;
    case 'invocation.failed':
      return `the drain failed after ${event.picked} executions (${event.code}): ${event.reason}`;
    case 'server.listening':
      return `listening at ${event.url}`;
    case 'http.answered':
      return answeredSentence(event);
    case 'http.failed':
      return `a request failed (${event.request_id}): ${event.reason}`;
  }
};
