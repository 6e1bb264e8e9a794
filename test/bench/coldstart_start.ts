// One fresh process that loads one file, and says itself how long that took.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './coldstart_programs.ts';

/** Milliseconds, and MB. */
export interface Start {
  /** `require` of the file */
  load: number;
  /** and all it does then of itself, until it only waits; for `call`: until it has answered */
  done: number;
  /** from the first to the last moment of the process, Node's own beginning and all */
  process: number;
  memory: number;
}

const CHILD = `
  const { writeSync } = require('node:fs');
  const [file, before, call] = process.argv.slice(2);
  if (before) require(before);
  const began = performance.now();
  const { handler } = require(file);
  const load = performance.now() - began;
  const say = (answer) => {
    const done = performance.now() - began;
    const memory = process.memoryUsage.rss() / 2 ** 20;
    writeSync(1, JSON.stringify({ load, done, memory, answer }));
  };
  if (call) {
    handler({}, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 60_000 }).then(say);
  } else {
    process.once('beforeExit', () => say(null));
  }`;

/** Settings of the person at the keyboard would be measured along, and certificates of theirs. */
const environment = (more: Record<string, string>): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'];
  return { ...Object.fromEntries(kept.map((name) => [name, process.env[name]])), ...more };
};

/** Starts programs in `folder`; throws when one of them failed, or found something to do. */
export const starterIn = (folder: string) => {
  const child = join(folder, 'child.cjs');
  writeFileSync(child, CHILD);
  return ({ name, file, before, env }: Program, call = false): Start => {
    const args = [child, file, before ?? '', call ? 'call' : ''];
    const began = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env: environment(env),
      encoding: 'utf8',
    });
    const lasted = performance.now() - began;
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    const { answer, ...start } = JSON.parse(stdout);
    if (answer?.statusCode !== (call ? 200 : undefined) || (answer?.picked ?? 0) !== 0) {
      throw new Error(`${name} answered ${JSON.stringify(answer)}: ${stderr}`);
    }
    return { ...start, process: lasted };
  };
};
