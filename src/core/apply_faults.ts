// Faults of a file of schedules, told where the file gives the value and for whom.
import type { Problem } from '../errors.ts';
import { show } from './rules.ts';

/** A fault with the names, as they are shown, of the schedules that have it. */
export interface SharedFault extends Problem {
  of: string[];
}

/** Of those that share a fault, or that a misspelt name may mean. */
const MOST_NAMED = 3;

const withNames = ({ path, message, of }: SharedFault): Problem => {
  const names = [...new Set(of)];
  if (names.length === 0) return { path, message };
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return { path, message: `${message} (${names.slice(0, MOST_NAMED).join(', ')}${more})` };
};

/** One fault for each place: what `defaults` gives to many is told once. */
export const gatherFaults = (faults: SharedFault[]): Problem[] => {
  const byPlace = new Map<string, SharedFault>();
  for (const { path, message, of } of faults) {
    const place = JSON.stringify([path, message]);
    const names = byPlace.get(place)?.of ?? [];
    byPlace.set(place, { path, message, of: [...names, ...of] });
  }
  return [...byPlace.values()].map(withNames);
};

/** Something of another kind than what belongs there. */
export const misfit = (path: string, value: unknown, expected: string): Problem => {
  const given = Array.isArray(value) ? 'a list' : show(value);
  const fault = value === undefined ? 'is missing' : `${given} cannot be used`;
  return { path, message: `${fault}; expected ${expected}` };
};

/** The known names nearest to a misspelt one, nearest first. */
export type Nearest = (name: string, known: readonly string[]) => string[];

/** Each key that nobody knows. */
export const unknownKeys = (
  raw: object,
  known: readonly string[],
  path: string,
  nearest: Nearest,
): Problem[] =>
  Object.keys(raw)
    .filter((key) => !known.includes(key))
    .map((key) => {
      // `timeout` is nearer to `timezone` than to `timeout_seconds`, letter by letter.
      const part = known.filter((name) => key.length > 2 && name.includes(key.toLowerCase()));
      const near = part.length > 0 ? part.slice(0, MOST_NAMED) : nearest(key, known);
      const hint =
        near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known are ${known.join(', ')}`;
      return { path: path === '' ? key : `${path}.${key}`, message: `unknown field; ${hint}` };
    });
