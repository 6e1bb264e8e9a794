// What a bench answers, and how it is shown: figures with their aims, as a table or as JSON.
import { cpus } from 'node:os';
import Table from 'cli-table3';

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** what we want it to be; absent = for information */
  aim?: { at_least: number } | { at_most: number };
  /** the figures it was made from, or how much it scattered */
  note?: string;
}

/**
 * A named group of figures. Throws only when something was wrong, never because it was slow. `quick`
 * asks for few rounds, to see that it works.
 */
export type Bench = (say: (text: string) => void, quick: boolean) => Promise<Figure[]>;

export const quantile = (numbers: number[], share: number): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new Error('there is no number to choose from');
  return low + (high - low) * (at - Math.floor(at));
};

export const median = (numbers: number[]): number => quantile(numbers, 0.5);

/** Three significant digits, in full: 0.512, 48.1, 117000. */
export const digits = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });

/** Lowest and highest round: how noisy it was. */
export const spread = (numbers: number[]): string =>
  `${digits(Math.min(...numbers))}–${digits(Math.max(...numbers))}`;

const isMet = ({ value, aim }: Figure): boolean | null => {
  if (aim === undefined) return null;
  return 'at_least' in aim ? value >= aim.at_least : value <= aim.at_most;
};

const aimText = ({ aim }: Figure): string => {
  if (aim === undefined) return '';
  return 'at_least' in aim ? `≥ ${aim.at_least}` : `≤ ${aim.at_most}`;
};

const verdict = (figure: Figure): string => {
  const met = isMet(figure);
  if (met === null) return '';
  return met ? 'met' : 'MISSED';
};

const table = (figures: Figure[]): string => {
  const shown = new Table({
    head: ['figure', 'value', 'unit', 'aim', '', 'from'],
    colAligns: ['left', 'right', 'left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const figure of figures) {
    const { name, value, unit, note = '' } = figure;
    shown.push([name, digits(value), unit, aimText(figure), verdict(figure), note]);
  }
  return shown.toString();
};

const machine = () => {
  const { version, platform, arch } = process;
  const [cpu] = cpus();
  return {
    node: version,
    platform,
    arch,
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
  };
};

/** `results` by the name of the bench. */
export const showFigures = (results: Record<string, Figure[]>, json: boolean): string => {
  const on = machine();
  if (json) {
    const judged = Object.entries(results).map(([bench, figures]) => [
      bench,
      figures.map((figure) => ({ ...figure, met: isMet(figure) })),
    ]);
    return JSON.stringify({ machine: on, benches: Object.fromEntries(judged) }, null, 2);
  }
  const where = `Node ${on.node}, ${on.platform} ${on.arch}, ${on.cores} × ${on.cpu}`;
  const tables = Object.entries(results).map(([name, figures]) => `${name}\n${table(figures)}`);
  return [where, ...tables].join('\n\n');
};
