// What every file must look like: its size, its first line, its name; and what lies at the top.
import { importsOf, isTypeScript, type Tree } from './source.ts';

const MOST_LINES = 250;

export const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length;

export const median = (numbers: number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const sizeFaults = (tree: Tree): string[] =>
  Object.entries(tree).flatMap(([path, text]) => {
    const lines = linesOf(text);
    return lines > MOST_LINES ? [`${path} has ${lines} lines; at most ${MOST_LINES}`] : [];
  });

const opensWithComment: Record<string, RegExp> = {
  ts: /^\/\/ \S/,
  tsx: /^\/\/ \S/,
  mjs: /^\/\/ \S/,
  sql: /^-- \S/,
};

export const openingFaults = (tree: Tree): string[] =>
  Object.entries(tree).flatMap(([path, text]) => {
    const opening = opensWithComment[path.split('.').at(-1)!];
    return opening && !opening.test(text)
      ? [`${path} does not open with a comment line saying what it holds`]
      : [];
  });

const emptyNames = /(^|[/._-])(utils?|helpers?|common|managers?|services?|misc)([/._-])/i;

export const nameFaults = (tree: Tree): string[] =>
  Object.keys(tree)
    .filter((path) => emptyNames.test(path))
    .map((path) => `${path}: its name does not say what it holds`);

/** Files that only pass on what others export, outside index.ts. */
export const barrelFaults = (tree: Tree): string[] =>
  Object.entries(tree)
    .filter(([path]) => isTypeScript(path) && !path.endsWith('/index.ts'))
    .filter(([path, text]) => {
      const rest = text
        .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        .replace(/^\s*(import|export)\s[^'";]*?from\s*'[^']+';?/gm, '');
      return importsOf(path, text).length > 0 && rest.trim() === '';
    })
    .map(([path]) => `${path} only passes on what others export; index.ts alone may`);

const topLevel = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'serverless.yml',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'src',
  'handlers',
  'sql',
  'infra',
  'test',
]);

export const topLevelFaults = (names: string[]): string[] =>
  names
    .filter((name) => !name.startsWith('.') && !topLevel.has(name))
    .map((name) => `${name} does not belong at the top level`);

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const EXACT = /^(npm:@?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

export const pinFaults = (manifest: Manifest): string[] =>
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies]
    .flatMap((group) => Object.entries(group ?? {}))
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name} is "${version}", not one exact version`);

interface Lockfile {
  packages: Record<string, { version?: string; resolved?: string }>;
}

/** A lockfile of names and exact versions, which any registry can serve. */
export const lockFaults = ({ packages }: Lockfile): string[] =>
  Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, { version, resolved }]) => [
      ...(version === undefined ? [`${path} has no version`] : []),
      ...(resolved === undefined ? [] : [`${path} is bound to ${resolved}`]),
    ]);
