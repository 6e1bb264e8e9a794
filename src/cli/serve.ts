// `serve`: the HTTP API, its dashboard and a worker in one process, until a signal asks it to stop.
import { Option } from 'commander';
import { createBell } from '../core/bell.ts';
import { priorityRanges } from '../core/job.ts';
import { duration } from '../core/lengths.ts';
import type { Tally } from '../core/tally.ts';
import { SettingsError } from '../errors.ts';
import { guard } from '../guard.ts';
import type { LogEvent } from '../log.ts';
import type { ResolvedSettings } from '../settings.ts';
import { several } from './arguments.ts';
import { type AddCommands, addSettingFlags } from './command.ts';
import { type Desk, type Opened, withOwnTypesOf } from './desk.ts';
import { oneLine } from './format.ts';
import { printTally } from './tally.ts';

interface ServeOptions {
  work: boolean;
  priority: keyof typeof priorityRanges;
  type?: string[];
}

const refuseOpen = async ({ settings, sources }: ResolvedSettings): Promise<void> => {
  const { http_host: host, api_keys } = settings;
  const { isLocal } = await import('../http/address.ts');
  if (api_keys.length > 0 || isLocal(host)) return;
  const message = `${host} can be reached from other machines, which needs an API key; \`cloud-jobs api-key NAME\` makes one for API_KEYS`;
  throw new SettingsError([{ path: sources.http_host, message }]);
};

const ended = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });

const say = (desk: Desk, { runner, resolved }: Opened, options: ServeOptions, url: string) => {
  const { settings } = resolved;
  const types = oneLine((options.type ?? runner.job_types).join(', '), 200);
  const looks = `looks every ${duration(settings.poll_interval)}`;
  const works = options.work ? `; working as ${settings.instance_id} on ${types}, ${looks}` : '';
  const open = settings.api_keys.length > 0 ? '' : ' No key is needed on this machine.';
  desk.output.note(`Dashboard and API at ${url}${works}.${open} Ctrl-C stops.`);
  if (desk.output.json) desk.output.data({ url }, 'line');
};

/** Both end when either does; what broke one of them is thrown once both are over. */
const serveAndWork = async (
  desk: Desk,
  opened: Opened,
  options: ServeOptions,
  ears: ((event: LogEvent) => void)[],
  interrupt: AbortSignal,
): Promise<Tally | null> => {
  const { runner, resolved } = opened;
  const { settings } = resolved;
  const { store, job_types } = runner;
  const { clock } = desk;
  const over = new AbortController();
  const stop = AbortSignal.any([interrupt, over.signal]);
  // Some stores are not asked anything before the first call: out of reach, or without tables, nothing
  // is to be served.
  await store.inspect();
  const metrics = await desk.createMetrics({ store, job_types, clock });
  const bell = createBell();
  // What was asked for here need not wait until the worker looks again.
  const ringForWork = (event: LogEvent): void => {
    const written = event.event === 'http.answered' && event.method === 'POST';
    if (written && event.status < 300) bell.ring();
  };
  ears.push(metrics.hear, ringForWork);
  const log = tellAll(ears);
  const api = await desk.createApi({ settings, runner, log, metrics, stop });
  const { http_host: host, http_port: port, poll_interval: poll_interval_seconds } = settings;
  const { url, closed } = await desk.listen({ api, host, port, stop, clock, log });
  say(desk, opened, options, url);
  const chosen = {
    poll_interval_seconds,
    job_types: options.type ?? null,
    priority: priorityRanges[options.priority],
    bell,
  };
  const working = options.work ? runner.work({ interrupt: stop, ...chosen }) : ended(stop);
  const end = () => over.abort('the other half of serve');
  const [worked, served] = await Promise.allSettled([working.finally(end), closed.finally(end)]);
  if (worked.status === 'rejected') throw worked.reason;
  if (served.status === 'rejected') throw served.reason;
  return worked.value;
};

const tellAll =
  (ears: ((event: LogEvent) => void)[]) =>
  (event: LogEvent): void => {
    for (const hear of ears) hear(event);
  };

export const addServe: AddCommands = (program, act) => {
  const command = program
    .command('serve')
    .summary('HTTP API and dashboard, and execute what is due')
    .description(
      'Serves the HTTP API and its dashboard, and executes jobs as they fall due, until SIGTERM or ' +
        'SIGINT (Ctrl-C). Beyond this machine it needs API keys.',
    )
    .option('--no-work', 'execute no jobs: others do')
    .addOption(
      new Option('--priority <word>', 'execute only jobs above, at or below normal priority')
        .choices(Object.keys(priorityRanges))
        .default('all'),
    )
    .option('-t, --type <type>', 'execute only this job type (may be repeated)', several)
    .helpGroup('Work:');
  addSettingFlags(command, 'serve').action(
    act<ServeOptions>(async ({ desk, flags, options }) => {
      const { output, stop } = desk;
      const resolved = await desk.resolveSettings(flags);
      await refuseOpen(resolved);
      const ears = [output.log(resolved.settings.log_level)];
      const log = tellAll(ears);
      return withOwnTypesOf(desk, resolved, log, (opened) =>
        guard(stop, log, async (interrupt) => {
          const tally = await serveAndWork(desk, opened, options, ears, interrupt);
          if (tally !== null && output.json) output.data(tally, 'line');
          else if (tally !== null) await printTally(output, tally);
          // Failed jobs are its daily life; only code that broke the process ends it badly.
          return interrupt.reason instanceof Error ? 1 : 0;
        }),
      );
    }),
  );
};
