// The process of a cloud function while drains run: its signals are ours, and given back afterwards.
import { afterEach, describe, expect, test } from '@jest/globals';
import { StoppedError } from '../../src/core/stop.ts';
import { ExecutionOverError } from '../../src/errors.ts';
import { takeOver } from '../../src/host.ts';

const heard: unknown[] = [];
const platform = (what: unknown) => heard.push(what);
const erring = ['uncaughtException', 'unhandledRejection'] as const;
const turn = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  process.off('SIGTERM', platform);
  for (const event of erring) process.removeAllListeners(event);
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

  test('SIGTERM finds somebody who listens at every moment', async () => {
    process.on('SIGTERM', platform);
    const left: number[] = [];
    const count = (event: unknown) => {
      if (event === 'SIGTERM') left.push(process.listenerCount('SIGTERM'));
    };
    process.on('removeListener', count);
    await takeOver(async () => undefined);
    process.off('removeListener', count);
    expect(left.length).toBeGreaterThan(0);
    expect(Math.min(...left)).toBeGreaterThan(0);
  });

  test('listeners of the platform that would end the process are put aside, also when it throws', async () => {
    process.on('unhandledRejection', platform);
    await expect(
      takeOver(async () => {
        expect(process.listeners('unhandledRejection')).toEqual([]);
        throw new Error('no store');
      }),
    ).rejects.toThrow('no store');
    process.emit('unhandledRejection', 'mine', Promise.resolve());
    expect(heard).toEqual(['mine']);
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

describe('after a drain', () => {
  const strike = (event: (typeof erring)[number], error: Error) =>
    (process.emit as (event: string, error: Error) => boolean)(event, error);

  test.each(erring)('what stopped code left behind is no %s to anybody', async (event) => {
    process.on(event, platform);
    await takeOver(async () => undefined);
    strike(event, new StoppedError('deadline', 'stopped'));
    strike(event, new ExecutionOverError('it has ended'));
    strike(event, new Error('wrapped', { cause: new StoppedError('deadline', 'stopped') }));
    expect(heard).toEqual([]);
  });

  test.each(erring)('any other %s is the affair of the platform, once', async (event) => {
    process.on(event, platform);
    for (let i = 0; i < 3; i += 1) await takeOver(async () => undefined);
    const error = new Error('broken');
    strike(event, error);
    expect(heard).toEqual([error]);
    expect(process.listenerCount(event)).toBe(1);
  });

  test.each(erring)('or, where the platform has no ear, of the process', async (event) => {
    await takeOver(async () => undefined);
    expect(() => strike(event, new Error('broken'))).toThrow('broken');
  });

  test('a second signal while a drain runs is heard by the platform at once', async () => {
    process.on('SIGTERM', platform);
    await takeOver(async () => {
      process.emit('SIGTERM', 'SIGTERM');
      process.emit('SIGTERM', 'SIGTERM');
      expect(heard).toEqual(['SIGTERM']);
    });
    await turn();
  });
});
