// `cloud-jobs serve`, the built file in a process of its own.
import { beforeAll } from '@jest/globals';
import { build, commandsIn } from '../../../cli/bundle.ts';
import type { ApiHost } from './host.ts';
import { sendTo } from './over_http.ts';

export const nodeHost = (name: string): ApiHost => {
  beforeAll(build);
  return {
    name,
    source_ip: '127.0.0.1',
    streams: true,
    start: async ({ env, cwd }) => {
      const { start } = commandsIn(cwd, env);
      const { child, ended, says } = start('serve', '--no-work', '--port', '0');
      let said = '';
      child.stderr?.on('data', (chunk) => {
        said += chunk;
      });
      await says('Ctrl-C stops.');
      const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      return {
        send: sendTo(Number(port)),
        stop: async () => {
          child.kill('SIGTERM');
          const { code, err } = await ended;
          if (code !== 0) throw new Error(`serve ended with ${code}: ${err}`);
          return err;
        },
      };
    },
  };
};
