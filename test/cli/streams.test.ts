// Streams whose reader has gone, while jobs run: what was done is recorded all the same.
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build, bundled } from './bundle.ts';

const source = `
  const config = { safeParseAsync: async (data) => ({ success: true, data }) };
  // Until the process has been told that nobody reads, and once more after that.
  const into = (stream, write) => async () => {
    const told = new Promise((resolve) => stream.once('error', ({ code }) => resolve(code)));
    write('one line');
    const code = await told;
    write('another line');
    await new Promise(setImmediate);
    return code;
  };
  export const jobs = [
    { type: 'talks', config, run: into(process.stdout, (text) => console.log(text)) },
    { type: 'complains', config, run: into(process.stderr, (text) => console.error(text)) },
    { type: 'logs', config, run: async ({ log }) => {
      for (let n = 0; n < 50; n += 1) { log.info('a line'); await new Promise(setImmediate); }
      return 'all said';
    } },
  ];`;

beforeAll(build);

let cli: Awaited<ReturnType<typeof bundled>>;
beforeEach(async () => {
  cli = await bundled(source);
});

describe('a drain', () => {
  test.each([
    ['stderr', 'complains', 'EPIPE'],
    ['stderr', 'logs', 'all said'],
    ['stdout', 'talks', 'EPIPE'],
  ] as const)(
    'whose %s is read by nobody ends, its job recorded: %s',
    async (name, type, result) => {
      const ids = [await cli.create({ job_type: type }), await cli.create({ job_type: 'logs' })];
      const { child, ended } = cli.start('run');
      child[name]?.destroy();
      expect((await ended).code).toBe(0);
      const [first, second] = await Promise.all(ids.map((id) => cli.show(id)));
      expect(first?.job.status).toBe('success');
      expect(first?.executions).toMatchObject([{ status: 'success', result }]);
      expect(second?.job.status).toBe('success');
    },
  );
});
