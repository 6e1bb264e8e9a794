// What the behaviour suite knows of a host: a place where a function runs, and how it is called.
import type { Ended, Launched } from '../../crash/launch.ts';

/** One call. A body that is text goes as bytes without a Content-Type, any other as JSON. */
export interface Order {
  method?: string;
  /** with its leading slash; `/` unless given */
  path?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** aborted when whoever calls hangs up */
  signal?: AbortSignal;
}

export interface Reply {
  /** of HTTP; where a function throws, 500 */
  status: number;
  /** JSON where it is that, else text */
  body: unknown;
}

/** A schedule's event, and the `trigger` that its executions are to have. */
export interface Tick {
  order: Order;
  trigger: string;
}

export interface StartOptions {
  env: Record<string, string>;
  /** folder of the process */
  cwd: string;
  /** what the platform gives each invocation; a minute unless given */
  time_left_seconds?: number;
  /** flags of node */
  flags?: string[];
  /** a function's file, instead of the host's own */
  file?: string;
}

/** A process that holds the function. */
export interface Instance extends Pick<Launched, 'hears' | 'kill' | 'ended'> {
  send(order: Order): Promise<Reply>;
  /** Ends it as its platform does, and answers what it had to say. */
  stop(): Promise<Ended>;
}

export interface Host {
  name: string;
  /** name of the answer's field that says 200 */
  status_field: 'statusCode' | 'status';
  start(options: StartOptions): Promise<Instance>;
  /** Equal numbers are the same event, delivered again. */
  tick(number: number): Tick;
  /** An input of ours, `{"cloud_jobs": …}`. */
  input(fields: object): Order;
  /** An event of somebody else. */
  stranger: Order;
  /** What each log line of a call with `headers` must have. */
  traced: { headers: Record<string, string>; env: Record<string, string>; fields: object };
  /** How a process ends that was sent SIGTERM. */
  ends: Pick<Ended, 'code' | 'signal'>;
}

/** Why a call failed, in the words of the function. */
export const errorOf = ({ body }: Reply): string => {
  const { error, errorMessage } = body as { error?: string; errorMessage?: string };
  return error ?? errorMessage ?? String(body);
};
