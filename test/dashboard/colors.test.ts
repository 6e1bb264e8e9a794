// Text of the dashboard can be read on what it stands on, by day and by night.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const css = readFileSync(new URL('../../src/dashboard/style/colors.css', import.meta.url), 'utf8');

const colorsIn = (block: string): Record<string, string> =>
  Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
  );

const [light = '', dark = ''] = css.split('@media');
const schemes = { light: colorsIn(light), dark: colorsIn(dark) };

const channel = (hex: string): number => {
  const value = Number.parseInt(hex, 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** As WCAG has it. */
const luminance = (hex: string): number =>
  0.2126 * channel(hex.slice(1, 3)) +
  0.7152 * channel(hex.slice(3, 5)) +
  0.0722 * channel(hex.slice(5, 7));

const contrast = (one: string, other: string): number => {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
};

const texts: [string, string][] = [
  ...['page', 'card', 'sunk'].flatMap((ground): [string, string][] => [
    ['text', ground],
    ['dim', ground],
    ['accent', ground],
  ]),
  ...['good', 'bad', 'busy', 'warn', 'wait'].map((tone): [string, string] => [
    tone,
    `${tone}-soft`,
  ]),
  ...['good', 'bad', 'warn'].map((tone): [string, string] => [tone, 'card']),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-deep'],
];

const signs = ['edge', 'bar-good', 'bar-bad', 'bar-late', 'bar-lost', 'bar-pause', 'bar-off'];

test.each(['light', 'dark'] as const)(
  'in %s colours, text stands out 4.5 times and signs',
  (name) => {
    const colors = schemes[name];
    const faint = (pairs: [string, string][], least: number) =>
      pairs.filter(([one, other]) => contrast(colors[one]!, colors[other]!) < least);
    expect(faint(texts, 4.5)).toEqual([]);
    const grounds = signs.map((sign): [string, string] => [sign, 'card']);
    expect(faint(grounds, 2)).toEqual([]);
  },
);
