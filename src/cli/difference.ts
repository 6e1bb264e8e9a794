// How `apply` tells the difference between a file and the store.
import { type FieldChange, isSameJson, type ScheduleChange } from '../core/apply_difference.ts';
import { isObject, type Json } from '../core/json.ts';
import { oneLine } from './format.ts';
import type { Output } from './output.ts';
import { zoneTimes } from './schedule/times.ts';

/** One value within a field, such as `config.keywords`; undefined = it is not there. */
interface ValueChange {
  path: string;
  from: Json | undefined;
  to: Json | undefined;
}

/** Characters of a value that stand before the place where it begins to differ. */
const BEFORE = 12;
const INDENT = 4;
const ARROW = ' → ';
const NAME_WIDTH = 40;

/** Objects are told key by key, as far as both sides are objects. */
const valueChanges = (path: string, from?: Json, to?: Json): ValueChange[] => {
  if (isSameJson(from, to)) return [];
  if (!isObject(from) || !isObject(to)) return [{ path, from, to }];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys.flatMap((key) => {
    const own = (value: { [key: string]: Json }) =>
      Object.hasOwn(value, key) ? value[key] : undefined;
    return valueChanges(`${path}.${key}`, own(from), own(to));
  });
};

const textOf = (value: Json | undefined): string => {
  if (value === undefined) return 'none';
  return oneLine(
    typeof value === 'string' ? value : JSON.stringify(value),
    Number.POSITIVE_INFINITY,
  );
};

/** Texts that look alike once cut or bare are told as JSON, from where they differ. */
const pairOf = ({ from, to }: ValueChange, width: number): [string, string] => {
  const plain: [string, string] = [textOf(from), textOf(to)];
  const json = (value: Json | undefined) => (value === undefined ? 'none' : JSON.stringify(value));
  const alike = plain[0] === plain[1] || plain.some((text) => text === '');
  const [one, other] = alike ? [json(from), json(to)] : plain;
  if (one.length <= width && other.length <= width) return [one, other];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const start = Math.max(0, same - BEFORE);
  const cut = (text: string) => oneLine(`${start > 0 ? '…' : ''}${text.slice(start)}`, width);
  return [cut(one), cut(other)];
};

const printValues = ({ line, paint, columns }: Output, fields: FieldChange[]): void => {
  const given = (value: Json) => value ?? undefined;
  const changes = fields.flatMap((each) =>
    valueChanges(each.field, given(each.from), given(each.to)),
  );
  const labels = changes.map(({ path }) => oneLine(path, NAME_WIDTH));
  const label = Math.max(0, ...labels.map(({ length }) => length)) + 2;
  const room = Math.max(20, columns - INDENT - label);
  const indent = ' '.repeat(INDENT);
  for (const [at, change] of changes.entries()) {
    const [from, to] = pairOf(change, room - 2);
    const head = `${indent}${paint.dim((labels[at] ?? '').padEnd(label))}`;
    const [old, present] = [paint.red(from), paint.green(to)];
    if (from.length + ARROW.length + to.length <= room) line(`${head}${old}${ARROW}${present}`);
    else {
      line(`${head}${old}`);
      line(`${indent}${' '.repeat(label - ARROW.length)}${ARROW}${present}`);
    }
  }
};

const nextOf = ({ next_execution, timezone, status }: ScheduleChange): string => {
  if (status !== 'active') return status;
  return next_execution === null ? 'never' : `next ${zoneTimes(timezone).local(next_execution)}`;
};

const ofRule = new Set(['schedule_expression', 'timezone', 'status']);

const toldOf = (change: ScheduleChange): string => {
  const { action, job_type, schedule_expression, timezone, adopted, fields } = change;
  const rule = [job_type, schedule_expression, timezone].map((text) => oneLine(text, NAME_WIDTH));
  if (action === 'created') return [...rule, nextOf(change)].join('  ');
  if (action === 'deleted') return rule.join('  ');
  const taken = adopted ? ['made by hand, now of this file'] : [];
  const next = fields.some(({ field }) => ofRule.has(field)) ? [nextOf(change)] : [];
  return [...taken, ...next].join('  ');
};

const marks = { created: '+', changed: '~', adopted: '~', deleted: '-' } as const;
const colors = { created: 'green', changed: 'yellow', adopted: 'yellow', deleted: 'red' } as const;

/** A line for each schedule, and one for each of its values that is to be another. */
export const printDifference = (output: Output, changes: ScheduleChange[]): void => {
  const { line, paint } = output;
  const names = changes.map(({ name }) => oneLine(name, NAME_WIDTH));
  const width = Math.max(...names.map(({ length }) => length));
  for (const [at, change] of changes.entries()) {
    const told = toldOf(change);
    const name = names[at] ?? '';
    const head = paint[colors[change.action]](`${marks[change.action]} ${name}`);
    line(told === '' ? head : `${head}${' '.repeat(width - name.length)}  ${told}`);
    printValues(output, change.fields);
  }
};
