// From the content of a file of schedules to what each of them is to be, every fault named at once.
import { InputError, type Problem } from '../errors.ts';
import { fieldOf, readEntry, type WantedSchedule } from './apply_entry.ts';
import {
  gatherFaults,
  misfit,
  type Nearest,
  type SharedFault,
  unknownKeys,
} from './apply_faults.ts';
import type { Registry } from './definition.ts';
import { isObject } from './json.ts';
import { show } from './rules.ts';
import { scheduleFields } from './schedule.ts';

export interface FileDeps {
  registry: Registry;
  nearest: Nearest;
}

type Raw = Record<string, unknown>;

/** A schedule as it stands in the file. */
interface Entry {
  /** `schedules[2]` */
  path: string;
  own: Raw;
  /** `own` over the defaults, fields that are null left out */
  merged: Raw;
  name: string | null;
}

const scheduleKeys = [...scheduleFields, 'status'];
const defaultKeys = scheduleKeys.filter((key) => key !== 'name');

const refuse = (problems: Problem[]): never => {
  throw new InputError(problems, 'Schedules refused');
};

const given = (raw: Raw, keys: string[]): Raw =>
  Object.fromEntries(
    Object.entries(raw).filter(
      ([key, value]) => keys.includes(key) && value !== null && value !== undefined,
    ),
  );

const toEntry = (own: Raw, path: string, defaults: Raw): Entry => {
  const merged = given({ ...defaults, ...own }, scheduleKeys);
  const { name } = merged;
  return { path, own, merged, name: typeof name === 'string' ? name.trim() || null : null };
};

/** What the defaults gave is told there. */
const placed = (problem: Problem, { path, own, name }: Entry, defaults: Raw): SharedFault => {
  const field = fieldOf(problem);
  const byDefault = !Object.hasOwn(own, field) && Object.hasOwn(defaults, field);
  return {
    path: `${byDefault ? 'defaults' : path}.${problem.path}`,
    message: problem.message,
    of: name === null || field === 'name' ? [] : [show(name)],
  };
};

const doubledNames = (entries: Entry[]): Problem[] => {
  const paths = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { name, path } of entries) {
    if (name === null) continue;
    const taken = paths.get(name);
    if (taken === undefined) paths.set(name, path);
    else {
      const message = `${show(name)} is the name of ${taken}, too; expected a name of its own`;
      problems.push({ path: `${path}.name`, message });
    }
  }
  return problems;
};

/**
 * What the file wants, in its order. What a schedule gives replaces what `defaults` gives, a config
 * too; null is as if neither did. Throws an InputError with the path of each fault.
 */
export const readSchedules = async (
  content: unknown,
  { registry, nearest }: FileDeps,
): Promise<WantedSchedule[]> => {
  if (!isObject(content)) {
    const expected = 'a mapping with a list of `schedules`, [] for none';
    const nothing = { path: '', message: `nothing is in it; expected ${expected}` };
    return refuse([content === null ? nothing : misfit('', content, expected)]);
  }
  const problems = unknownKeys(content, ['defaults', 'schedules'], '', nearest);
  const { schedules } = content;
  const common = content.defaults ?? {};
  if (isObject(common)) problems.push(...unknownKeys(common, defaultKeys, 'defaults', nearest));
  else problems.push(misfit('defaults', common, 'fields of a schedule'));
  const defaults = isObject(common) ? given(common, defaultKeys) : {};
  if (!Array.isArray(schedules)) {
    return refuse([...problems, misfit('schedules', schedules, 'a list, [] for none')]);
  }
  const entries: Entry[] = [];
  const faults: SharedFault[] = [];
  const wanted: WantedSchedule[] = [];
  for (const [index, own] of schedules.entries()) {
    const path = `schedules[${index}]`;
    if (!isObject(own)) {
      problems.push(misfit(path, own, 'fields of a schedule, such as `name: nightly`'));
      continue;
    }
    const entry = toEntry(own, path, defaults);
    entries.push(entry);
    const of = entry.name === null ? [] : [show(entry.name)];
    const unknown = unknownKeys(own, scheduleKeys, path, nearest);
    faults.push(...unknown.map((problem) => ({ ...problem, of })));
    const read = await readEntry(entry.merged, registry);
    faults.push(...read.faults.map((problem) => placed(problem, entry, defaults)));
    if (read.value !== null) wanted.push(read.value);
  }
  problems.push(...gatherFaults(faults), ...doubledNames(entries));
  if (problems.length > 0) refuse(problems);
  return wanted;
};
