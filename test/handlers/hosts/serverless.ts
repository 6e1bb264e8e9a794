// `serverless invoke local`, the real command line: a process for each call, told of the store by its
// environment. It runs on a copy of this project's serverless.yml beside the functions of these tests.
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Launched, launch } from '../../crash/launch.ts';
import { root } from '../../structure/source.ts';
import { awsHost } from './aws.ts';
import type { Functions } from './functions.ts';
import type { Host, Instance, Order, Reply } from './host.ts';

const require = createRequire(import.meta.url);
const program = join(dirname(require.resolve('serverless/package.json')), 'bin/serverless.js');

const own = {
  SLS_TELEMETRY_DISABLED: '1',
  NO_COLOR: '1',
  // It compiles its schema for seconds, once for each home unless told to keep it elsewhere.
  SLS_SCHEMA_CACHE_BASE_DIR: join(root, 'dist/.run'),
};

/** The command line without anything of the person's own: no account, no settings of another run. */
export const serverless = (
  words: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Launched => launch([program, ...words], { cwd, env: { ...env, ...own } });

const serviceWith = ({ folder, file }: Functions): string => {
  const service = join(folder, 'service');
  if (existsSync(service)) return service;
  const shipped = join(service, 'dist/functions/aws/sqlite');
  mkdirSync(shipped, { recursive: true });
  copyFileSync(file.aws, join(shipped, 'drain.cjs'));
  copyFileSync(join(root, 'serverless.yml'), join(service, 'serverless.yml'));
  symlinkSync(join(root, 'infra'), join(service, 'infra'));
  return service;
};

const start = (cwd: string, env: Record<string, string>): Instance => {
  let stderr = '';
  let called: Launched | undefined;
  const current = (): Launched => {
    if (called === undefined) throw new Error('nothing was called yet');
    return called;
  };
  const send = async ({ body }: Order): Promise<Reply> => {
    const data = body === undefined ? [] : ['--data', JSON.stringify(body)];
    called = serverless(['invoke', 'local', '-f', 'jobRunner', ...data], { cwd, env });
    const ended = await called.ended;
    stderr += ended.stderr;
    const well = ended.code === 0 || ended.signal === 'SIGTERM';
    // The answer is all of stdout: anything beside it would be no JSON.
    return { status: well ? 200 : 500, body: JSON.parse(ended.stdout) };
  };
  return {
    send,
    hears: (fits) => current().hears(fits),
    kill: (signal) => current().kill(signal),
    get ended() {
      return current().ended.then((ended) => ({ ...ended, stdout: '' }));
    },
    stop: async () => ({ code: 0, signal: null, stdout: '', stderr }),
  };
};

export const serverlessHost = (name: string, functions: () => Functions): Host => ({
  ...awsHost(name, functions),
  start: async ({ env, time_left_seconds = 60 }) => {
    const JOB_DEADLINE = String(time_left_seconds);
    return start(serviceWith(functions()), { ...env, JOB_DEADLINE });
  },
  ends: { code: null, signal: 'SIGTERM' },
});
