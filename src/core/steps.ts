// step(name, fn): done once, replayed afterwards.
import { InputError, isRetryLater } from '../errors.ts';
import type { Fence, Step } from './job.ts';
import { type Json, toJson } from './json.ts';
import type { Hold, RunStore } from './store.ts';
import { isKept, keptText, UNKEPT_FAULT } from './text.ts';
import { describeThrown } from './thrown.ts';

const DETAIL_LENGTH = 500;
const NAME_LENGTH = 200;

interface StepsDeps {
  store: Pick<RunStore, 'listSteps' | 'saveStep'>;
  fence: Fence;
  signal: AbortSignal;
  /** checks that the execution goes on, sends the write, and takes in what it says of the lock */
  write: (send: () => Promise<Hold>) => Promise<void>;
  onDone: (step: string, replayed: boolean) => void;
}

const nameFault = (name: unknown, used: Set<string>): string | null => {
  if (typeof name !== 'string' || name === '' || name.length > NAME_LENGTH) {
    return `${JSON.stringify(name)} is no step name; expected a text of 1 to ${NAME_LENGTH} characters`;
  }
  if (!isKept(name)) return `${JSON.stringify(name)} ${UNKEPT_FAULT}`;
  if (used.has(name)) {
    return `"${name}" was used already in this execution; step names are unique within a job, for example page-1, page-2`;
  }
  return null;
};

export const createSteps = ({ store, fence, signal, write, onDone }: StepsDeps) => {
  const used = new Set<string>();
  /** a step keeps its place, whichever execution or attempt gave it */
  const orders = new Map<string, number>();
  let nextOrder = 0;
  let saved: Promise<Map<string, Step>> | undefined;
  // The first execution of a job cannot have saved steps: no need to ask.
  const load = async () => {
    const steps = fence.lock_epoch > 1 ? await store.listSteps(fence.job_id) : [];
    for (const { name, step_order } of steps) {
      orders.set(name, step_order);
      nextOrder = Math.max(nextOrder, step_order + 1);
    }
    return new Map(steps.map((step) => [step.name, step]));
  };

  return async <T>(name: string, fn: () => T | Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const fault = nameFault(name, used);
    if (fault !== null) throw new InputError([{ path: 'step', message: fault }]);
    used.add(name);
    saved ??= load();
    const before = (await saved).get(name);
    const step_order = orders.get(name) ?? nextOrder++;
    orders.set(name, step_order);
    if (before?.status === 'success') {
      onDone(name, true);
      return before.output as T;
    }
    // Written before the work begins: whoever has lost the lock is told before it does harm.
    await write(() => store.saveStep(fence, { name, step_order, status: 'running' }));
    signal.throwIfAborted();
    let output: Json;
    try {
      output = toJson(await fn(), `output of step "${name}"`);
    } catch (error) {
      // Code that was stopped, or goes on later, has not failed: its step stays open until then.
      if (!signal.aborted && !isRetryLater(error)) {
        const detail = keptText(describeThrown(error).message, DETAIL_LENGTH);
        await write(() => store.saveStep(fence, { name, step_order, status: 'failed', detail }));
      }
      used.delete(name); // code that catches this may try again
      throw error;
    }
    // Kept even when the code was told to stop meanwhile: what is done need not be done again.
    await write(() => store.saveStep(fence, { name, step_order, status: 'success', output }));
    onDone(name, false);
    signal.throwIfAborted();
    return output as T;
  };
};
