// The process of a cloud function while drains run: its signals are ours, and given back afterwards.
import { afterEach, describe, expect, test } from '@jest/globals';
import { takeOver } from '../../src/host.ts';

const heard: string[] = [];
const platform = (signal: string) => heard.push(signal);
const turn = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  process.off('SIGTERM', platform);
  process.off('unhandledRejection', platform);
  heard.length = 0;
});

describe('while a drain runs', () => {
  test('SIGTERM asks it to stop, and reaches the platform once it has answered', async () => {
    process.on('SIGTERM', platform);
    const before = process.listeners('SIGTERM');
    const reason = await takeOver(async (stop) => {
      process.emit('SIGTERM', 'SIGTERM');
      expect(heard).toEqual([]);
      return stop.reason;
    });
    expect(reason).toBe('SIGTERM');
    expect(heard).toEqual([]);
    await turn();
    expect(heard).toEqual(['SIGTERM']);
    expect(process.listeners('SIGTERM')).toEqual(before);
  });

  test('listeners of the platform that would end the process are put aside, also when it throws', async () => {
    process.on('unhandledRejection', platform);
    const before = process.listeners('unhandledRejection');
    await expect(
      takeOver(async () => {
        expect(process.listeners('unhandledRejection')).toEqual([]);
        throw new Error('no store');
      }),
    ).rejects.toThrow('no store');
    expect(process.listeners('unhandledRejection')).toEqual(before);
  });

  test('another one beside it changes nothing: both are asked to stop', async () => {
    process.on('SIGTERM', platform);
    let end = () => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    const first = takeOver(async (stop) => {
      await until;
      return stop.reason;
    });
    await takeOver(async () => undefined);
    const second = takeOver(async (stop) => {
      process.emit('SIGTERM', 'SIGTERM');
      return stop.reason;
    });
    end();
    expect(await Promise.all([first, second])).toEqual(['SIGTERM', 'SIGTERM']);
    await turn();
    expect(heard).toEqual(['SIGTERM']);
  });

  test('a signal asks only those to stop that run then', async () => {
    process.on('SIGTERM', platform);
    await takeOver(async () => {
      process.emit('SIGTERM', 'SIGTERM');
    });
    expect(await takeOver(async (stop) => stop.aborted)).toBe(false);
  });
});
