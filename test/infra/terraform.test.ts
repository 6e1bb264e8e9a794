// The Terraform files as files: their form, and that nothing in them is missing or idle.
import { format } from '@cdktf/hcl-tools';
import { describe, expect, test } from '@jest/globals';
import { linesOf } from '../structure/files.ts';
import { type Block, parseHcl } from './hcl.ts';
import { files, module, ofType, only, resources } from './hcl_gcp.ts';
import { declared, references } from './hcl_module.ts';

const texts = Object.entries(files);

/** What `terraform fmt` does beyond laying out: no template around a lone value, no quoted type. */
const wordy = /"\$\{[^"{}]*\}"|^\s*type\s*=\s*"(string|number|bool|any|list|set|map)\b/m;

const missingIn = (blocks: Block[]): string[] => {
  const known = new Set(declared(blocks));
  return blocks.flatMap(references).filter((name) => !known.has(name));
};

const idleIn = (blocks: Block[]): string[] => {
  const used = new Set(blocks.flatMap(references));
  const needed = /^(var|local|data)\.|^google_service_account\./;
  return declared(blocks).filter((name) => needed.test(name) && !used.has(name));
};

const valid = (block: Block): boolean =>
  block.blocks.some(({ attributes }) => attributes.condition?.includes(`var.${block.labels[0]}`));

describe('the Terraform files', () => {
  test.each(texts)('%s is laid out as `terraform fmt` would', async (_name, text) => {
    expect(await format(text)).toBe(text);
    expect(text).not.toMatch(wordy);
  });

  test('open with a line saying what they hold, and are short', () => {
    for (const [, text] of texts) expect(text).toMatch(/^# \S/);
    expect(texts.filter(([, text]) => linesOf(text) > 100).map(([name]) => name)).toEqual([]);
  });

  test('refer to nothing that is not declared', () => {
    expect(missingIn(module)).toEqual([]);
  });

  test('declare no variable, value, source or account that nothing uses', () => {
    expect(idleIn(module)).toEqual([]);
  });

  test('declare everything once', () => {
    const names = declared(module);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('say of every variable and output what it is, and of every variable what it may be', () => {
    for (const { labels, attributes } of [...ofType('variable'), ...ofType('output')]) {
      expect([labels, attributes.description]).toEqual([labels, expect.stringMatching(/^".+\."$/)]);
    }
    const free = ofType('variable').filter(
      (each) => each.attributes.type !== 'bool' && !valid(each),
    );
    expect(free.map(({ labels }) => labels[0])).toEqual([]);
    expect(ofType('variable').filter(({ attributes }) => !attributes.type)).toEqual([]);
  });

  test('name the major version of Terraform, and of each provider they use and no other', () => {
    const { attributes, ...terraform } = ofType('terraform')[0]!;
    expect(attributes.required_version).toMatch(/^">= \d+\.\d+, < \d+\.0"$/);
    const { attributes: providers } = only({ attributes, ...terraform }, 'required_providers');
    for (const [name, text] of Object.entries(providers)) {
      expect(text).toMatch(new RegExp(`source\\s*= "hashicorp/${name}"`));
      expect(text).toMatch(/version\s*= "~> \d+\.\d+"/);
    }
    const used = [...resources, ...ofType('data')].map(({ labels }) => labels[0]!.split('_')[0]);
    expect(Object.keys(providers).toSorted()).toEqual([...new Set(used)].toSorted());
  });
});

describe('the checks of these files', () => {
  test('see another layout', async () => {
    expect(await format('a=1\n')).toBe('a = 1\n');
    expect('name = "${var.name}"').toMatch(wordy);
    expect('  type = "string"').toMatch(wordy);
    expect('name = "${var.name}-drain"').not.toMatch(wordy);
  });

  test('see what is missing and what is idle', () => {
    const blocks = parseHcl(`
      variable "region" {
        type = string # "${'${'}var.comment}"
      }
      locals {
        idle  = [for each_one in var.regions : "${'${'}var.region}-${'${'}each_one.name}"]
        other = "not var.text, but ${'${'}data.google_project.here.number}"
      }`);
    expect(missingIn(blocks)).toEqual(['var.regions', 'data.google_project.here']);
    expect(idleIn(blocks)).toEqual(['local.idle', 'local.other']);
  });

  test('see a brace too many, a brace too few, and a string without end', () => {
    for (const text of ['a "b" {\n}\n}', 'a "b" {\n', 'a "b" {\n c = "d\n}', 'a = 1']) {
      expect(() => parseHcl(text)).toThrow();
    }
  });
});
