// The README as data: its code blocks, its tables, and the table of settings as it must read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SettingRow, settingKeys, settingRow } from '../../src/settings/table.ts';
import { root } from '../structure/source.ts';

export const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** What stands under a heading of the second level. */
export const section = (heading: string): string =>
  readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

/** The code blocks of one language, in order. */
export const blocks = (language: string, text = readme): string[] =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , code = '']) => code);

/** The lines of all shell blocks. */
export const shellLines = (text = readme): string[] =>
  blocks('sh', text).flatMap((block) => block.split('\n').filter((line) => line !== ''));

const defaultOf = ({ fallback, fallback_doc }: SettingRow): string =>
  fallback_doc ?? `\`${String(fallback())}\``;

/** One line per setting, made from the table the program itself reads. */
export const settingsTable = (): string[] => [
  '| setting | environment | flag | default | what it is |',
  '| --- | --- | --- | --- | --- |',
  ...settingKeys.map((key) => {
    const row = settingRow(key);
    const flag = row.flag === null ? '' : `\`${row.flag}\``;
    return `| \`${key}\` | \`${row.env}\` | ${flag} | ${defaultOf(row)} | ${row.doc} |`;
  }),
];

/** What stands in the README between the marks of the table of settings. */
export const settingsInReadme = (): string[] =>
  readme
    .split(/<!-- \/?settings -->/)[1]!
    .trim()
    .split('\n');
