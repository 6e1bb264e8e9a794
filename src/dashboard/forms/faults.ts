// What the API found wrong with what was sent, field by field.
import { ApiError } from '../../client/client.ts';

export interface Faults {
  /** of the field at this path, or of what lies within it */
  at: (path: string) => string | undefined;
  /** those of no field that is shown */
  elsewhere: string[];
  some_at_fields: boolean;
}

const within = (path: string, field: string): boolean =>
  path === field || path.startsWith(`${field}.`);

/** `fields`: the paths that have a field of their own, such as `name` and `config.url`. */
export const faultsOf = (
  error: unknown,
  own: ReadonlyMap<string, string>,
  fields: readonly string[],
): Faults => {
  const told = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  const all = [...own].map(([path, message]) => ({ path, message })).concat(told);
  const at = (field: string): string | undefined => {
    const found = all.filter(({ path }) => within(path, field));
    const words = found.map(({ path, message }) =>
      path === field ? message : `${path.slice(field.length + 1)}: ${message}`,
    );
    return words.length === 0 ? undefined : words.join('; ');
  };
  const elsewhere = all
    .filter(({ path }) => !fields.some((field) => within(path, field)))
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return { at, elsewhere, some_at_fields: elsewhere.length < all.length };
};
