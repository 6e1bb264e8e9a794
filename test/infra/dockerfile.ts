// A Dockerfile and its .dockerignore as data: stages of instructions, and which paths a build sees.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../structure/source.ts';

export interface Instruction {
  /** in capitals: FROM, COPY, … */
  name: string;
  /** `--from=build` and the like, without the dashes */
  flags: Record<string, string>;
  /** the list of the exec form; null = the shell form, or no list at all */
  list: string[] | null;
  /** what stands behind the flags */
  words: string[];
}

export interface Stage {
  image: string;
  /** behind AS; the last stage has none */
  alias: string | undefined;
  instructions: Instruction[];
}

const read = (file: string): string => readFileSync(join(root, 'infra/docker', file), 'utf8');

/** HEALTHCHECK carries a CMD of its own, whose list is what counts. */
const listIn = (text: string): string[] | null => {
  const list = /^(?:CMD\s+)?(\[.*\])$/s.exec(text.trim())?.[1];
  return list === undefined ? null : (JSON.parse(list) as string[]);
};

const instruction = (line: string): Instruction => {
  const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/s.exec(line) ?? [];
  if (name === '') throw new Error(`this is no instruction: ${line}`);
  const [leading = ''] = /^(?:--[a-z-]+=\S+\s+)*/.exec(rest) ?? [];
  const flags = [...leading.matchAll(/--([a-z-]+)=(\S+)/g)].map(([, key, value]) => [key, value]);
  const text = rest.slice(leading.length);
  return { name, flags: Object.fromEntries(flags), list: listIn(text), words: text.split(/\s+/) };
};

const stagesOf = (text: string): Stage[] => {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '');
  const stages: Stage[] = [];
  for (const line of lines.split('\n').filter((each) => each.trim() !== '')) {
    const parsed = instruction(line.trim());
    const [image = '', , alias] = parsed.words;
    if (parsed.name === 'FROM') stages.push({ image, alias, instructions: [] });
    else stages.at(-1)?.instructions.push(parsed);
  }
  return stages;
};

export const stages = stagesOf(read('Dockerfile'));

/** What the image is made of; the stages before it only serve it. */
export const image = stages.at(-1)!;

export const only = (name: string): Instruction => {
  const found = image.instructions.filter((each) => each.name === name);
  if (found.length !== 1) throw new Error(`${found.length} instructions ${name}, not one`);
  return found[0]!;
};

const rules = read('Dockerfile.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const pattern = line
      .replace(/^!/, '')
      .replace(/[.+^$()|[\]{}]/g, '\\$&')
      .replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(?:.*/)?'));
    return { keeps: line.startsWith('!'), fits: new RegExp(`^${pattern}(?:/.*)?$`) };
  });

/** Whether a build sees the file of this path; of the rules that fit, the last one counts. */
export const isSeen = (path: string): boolean =>
  rules.findLast(({ fits }) => fits.test(path))?.keeps ?? true;
