// The Terraform files of infra/gcp, read once: their text, their tree, and how tests find things in it.
import { join } from 'node:path';
import { root } from '../structure/source.ts';
import type { Block } from './hcl.ts';
import { inside, parseModule, readTerraform } from './hcl_module.ts';

export const gcp = join(root, 'infra/gcp');

export const files = readTerraform(gcp);

export const module: Block[] = parseModule(files);

export const ofType = (type: string): Block[] => module.filter((block) => block.type === type);

export const resources = ofType('resource');

/** The one resource of this type, and of this name if there are several. */
export const resource = (type: string, name?: string): Block => {
  const found = resources.filter(
    ({ labels }) => labels[0] === type && (name === undefined || labels[1] === name),
  );
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} ${name ?? ''}`);
  return found[0]!;
};

/** The one block that `path` leads to. */
export const only = (block: Block, ...path: string[]): Block => {
  const found = inside(block, ...path);
  if (found.length !== 1) throw new Error(`${found.length} blocks ${path.join('.')}`);
  return found[0]!;
};

export const variable = (name: string): Block =>
  ofType('variable').find(({ labels }) => labels[0] === name)!;

/** What the strings of an expression say. */
export const stringsIn = (expression: string): string[] =>
  [...expression.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!);
