// A tree of source files as the structure rules see it: paths, imports, code without its words.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Text of each file by its path from the root, written with `/`. */
export type Tree = Record<string, string>;

export interface Import {
  from: string;
  /** a path of the tree, a package's name, or `node:…` */
  to: string;
  type_only: boolean;
}

/** The files under these folders that exist; the rules apply to whatever is there. */
export const readTree = (folders: string[]): Tree => {
  const there = readdirSync(root);
  const files = folders
    .filter((folder) => there.includes(folder))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        // What tools leave in folders of their own, such as the providers of Terraform.
        .filter((file) => !file.slice(root.length).includes('/.')),
    );
  return Object.fromEntries(
    files
      .sort()
      .map((file) => [
        file.slice(root.length + 1).replaceAll('\\', '/'),
        readFileSync(file, 'utf8'),
      ]),
  );
};

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

const packageOf = (specifier: string): string =>
  specifier.startsWith('node:')
    ? specifier
    : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

const STATIC = /^\s*(?:import|export)\s(?<what>[^'";]*?)from\s*'(?<to>[^']+)'/gm;
const BARE = /^\s*import\s*'(?<to>[^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'(?<to>[^']+)'/g;

// `import type …`, `export type …` and `import { type A, type B }` leave nothing behind at run time.
const isTypeOnly = (what: string): boolean => {
  if (/^type\s/.test(what)) return true;
  const names = /^\{(.*)\}\s*$/s.exec(what.trim())?.[1]?.split(',') ?? [''];
  return names.filter((name) => name.trim() !== '').every((name) => /^\s*type\s/.test(name));
};

/** Every import and re-export of a TypeScript file, static and dynamic. */
export const importsOf = (path: string, text: string): Import[] => {
  const code = withoutComments(text);
  const found = [STATIC, BARE, DYNAMIC].flatMap((pattern) => [...code.matchAll(pattern)]);
  return found.map(({ groups }) => {
    const { to = '', what } = groups ?? {};
    const target = to.startsWith('.') ? posix.join(posix.dirname(path), to) : packageOf(to);
    return { from: path, to: target, type_only: what !== undefined && isTypeOnly(what) };
  });
};

/** What runs: no types, no comments, and every quoted text that says something made a `…`. */
export const codeOf = (text: string, loader: 'ts' | 'tsx' = 'ts'): string =>
  transformSync(text, { loader, legalComments: 'none', target: 'es2023' }).code.replace(
    /"(?:[^"\\\n]|\\.)+"/g,
    '"…"',
  );

export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path);
