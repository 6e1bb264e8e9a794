// A folder of Terraform files as one tree: what is declared in it, and what refers to what.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, parseHcl } from './hcl.ts';
import { codeOf } from './hcl_strings.ts';

/** Text of each file of the folder, by its name. */
export const readTerraform = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.tf'))
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

export const parseModule = (files: Record<string, string>): Block[] =>
  Object.values(files).flatMap(parseHcl);

/** How other places refer to what a block of the top level declares. */
const declaredBy = ({ type, labels, attributes }: Block): string[] => {
  if (type === 'variable') return [`var.${labels[0]}`];
  if (type === 'locals') return Object.keys(attributes).map((name) => `local.${name}`);
  if (type === 'data') return [`data.${labels.join('.')}`];
  return type === 'resource' ? [labels.join('.')] : [];
};

export const declared = (module: Block[]): string[] => module.flatMap(declaredBy);

/** All expressions of a block and of the blocks in it. */
const expressionsOf = ({ attributes, blocks }: Block): string[] => [
  ...Object.values(attributes),
  ...blocks.flatMap(expressionsOf),
];

const PATH = /(?<![\w.-])[a-z_]\w*(?:\.[a-z_]\w*)+/gi;

/** Names that mean something within one block only. */
const innerNames = (block: Block): string[] => [
  'each',
  'path',
  ...block.blocks.flatMap((inner) => [
    ...(inner.type === 'dynamic' ? inner.labels : []),
    ...innerNames(inner),
  ]),
  ...expressionsOf(block).flatMap((expression) =>
    [...codeOf(expression).matchAll(/\bfor (\w+)(?:, (\w+))? in\b/g)].flatMap(([, key, value]) => [
      key!,
      ...(value === undefined ? [] : [value]),
    ]),
  ),
];

const roots: Record<string, number> = { var: 2, local: 2, data: 3 };

/** What a block refers to, written as `declared` writes it. */
export const references = (block: Block): string[] => {
  const inner = new Set(innerNames(block));
  return expressionsOf(block)
    .flatMap((expression) => codeOf(expression).match(PATH) ?? [])
    .map((path) => path.split('.'))
    .filter(([root]) => !inner.has(root!))
    .map((parts) => parts.slice(0, roots[parts[0]!] ?? 2).join('.'));
};

/** The blocks that `path` leads to: the names of nested blocks, dynamic ones with their content. */
export const inside = (block: Block, ...path: string[]): Block[] => {
  const [first, ...rest] = path;
  if (first === undefined) return [block];
  return block.blocks.flatMap((inner) => {
    if (inner.type === first) return inside(inner, ...rest);
    const dynamic = inner.type === 'dynamic' && inner.labels[0] === first;
    return dynamic ? inside(inner, 'content', ...rest) : [];
  });
};
