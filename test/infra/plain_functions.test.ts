// Arrow functions made plain: whatever they see of what is around them, they see afterwards.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { root } from '../structure/source.ts';
import { tempFolder } from '../support/temp.ts';

const { makePlain, noClassFields } = await import(
  pathToFileURL(join(root, 'infra/bundles/plain_functions.mjs')).href
);

const source = `
class Plain { constructor(value) { this.value = value; } }
class Later extends Plain { constructor() { super(1); this.get = () => this.value; } }
class Twice extends Plain {
  constructor(first) {
    if (first) { const one = () => first; one(); }
    super(2);
    this.get = () => this.value;
  }
}
class Field extends Plain { get = () => this.value; constructor(value) { super(value); } }
class Bare extends Plain { get = () => this.value; }
class Hidden extends Plain { #get = () => this.value; get() { return this.#get(); } }
class Static { static own = () => this; static { this.block = () => this; } }
class Method extends Plain {
  ask() { return (() => [super.constructor.name.length > 0, arguments.length, new.target])(); }
}
async function asks() { return (async (more) => { await null; return arguments[0] + more; })(1); }
const nested = { value: 7, all() { return [1].map(() => [1].map(() => this.value)); } };
module.exports = async () => [
  new Later().get(), new Twice(true).get(), new Field(3).get(), new Bare(4).get(), new Hidden(5).get(),
  Static.own() === Static, Static.block() === Static, new Method(1).ask(1, 2), await asks(5), nested.all(),
];`;

test('in constructors, fields, static blocks, methods and async functions', async () => {
  const outfile = join(tempFolder(), 'drain.cjs');
  await build({
    stdin: { contents: source },
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    supported: noClassFields,
    sourcemap: 'linked',
    outfile,
  });
  expect(readFileSync(outfile, 'utf8')).toContain('=>');
  await makePlain(outfile);
  expect(readFileSync(outfile, 'utf8')).not.toContain('=>');
  const answers = await createRequire(outfile)(outfile)();
  expect(answers).toEqual([1, 2, 3, 4, 5, true, true, [true, 2, undefined], 6, [[7]]]);
  const { sources, mappings } = JSON.parse(readFileSync(`${outfile}.map`, 'utf8'));
  expect(sources).toEqual([expect.stringContaining('stdin')]);
  expect(mappings.length).toBeGreaterThan(500);
});
