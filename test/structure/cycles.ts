// Circles of imports.
import { importsOf, type Tree } from './source.ts';

/** Circles of imports that exist at run time; type-only imports are gone by then. */
export const cycles = (tree: Tree): string[] => {
  const next = new Map(
    Object.entries(tree).map(([path, text]) => [
      path,
      importsOf(path, text)
        .filter(({ type_only, to }) => !type_only && to in tree)
        .map(({ to }) => to),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push([...way.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...way, path]);
    done.add(path);
  };
  for (const path of next.keys()) walk(path, []);
  return found;
};
