// A kept server ends when the process that asked for it does, and says why it could not start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { type Command, keep } from './servers/kept.ts';

const folderOf = () => mkdtempSync(join(tmpdir(), 'cloud-jobs-kept-'));
const node = (code: string) => ({ command: process.execPath, args: ['-e', code], env: {} });

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(10);
};

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Code of a process that asks for a keeper and lives on. */
const asking = (commands: Command[], folder: string): string => {
  const log_file = join(folder, 'log');
  const orders = JSON.stringify({ commands, end_signal: 'SIGTERM', folder, log_file });
  const keeper = fileURLToPath(new URL('servers/keeper.mjs', import.meta.url));
  const words = JSON.stringify([keeper, orders]);
  return `require('node:child_process').spawn(process.execPath, ${words}, { stdio: ['pipe', 'pipe', 'inherit'] })`;
};

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'a server and its folder are gone after the process that asked for it got %s',
  async (signal) => {
    const folder = folderOf();
    const log_file = join(folder, 'log');
    const commands = [node('console.log(process.pid); setInterval(() => {}, 1000)')];
    const parent = spawn(process.execPath, ['-e', asking(commands, folder)], { stdio: 'ignore' });
    const said = () => existsSync(log_file) && readFileSync(log_file, 'utf8');
    await until(() => /\n/.test(said() || ''));
    const pid = Number(said());
    expect(runs(pid)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    await until(() => !runs(pid) && !existsSync(folder));
  },
);

test('a folder without a server is gone after the process that asked for it was killed', async () => {
  const folder = folderOf();
  const parent = spawn(process.execPath, ['-e', asking([], folder)], { stdio: 'ignore' });
  await until(() => existsSync(join(folder, 'log')));
  parent.kill('SIGKILL');
  await until(() => !existsSync(folder));
});

test('a server that does not start is told of with the end of its log', async () => {
  const folder = folderOf();
  const kept = keep([node('console.error("no room"); process.exitCode = 3')], folder, 'SIGTERM');
  const ready = kept.ready(() => Promise.reject(new Error('not yet')));
  await expect(ready).rejects.toThrow(/ended \(3\); the end of its log:\nno room/);
  await kept.stop();
  expect(existsSync(folder)).toBe(false);
});

test('a program that is not there is told of', async () => {
  const kept = keep([{ command: '/no/such', args: [], env: {} }], folderOf(), 'SIGTERM');
  await expect(kept.ready(() => Promise.reject(new Error('not yet')))).rejects.toThrow('ENOENT');
  await kept.stop();
});
