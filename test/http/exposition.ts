// The text format of Prometheus, read strictly, and what its linter would say of it.
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

export interface Family {
  name: string;
  help: string;
  type: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/y;

const unescaped = (text: string): string =>
  text.replace(/\\([\\"n])/g, (_all, sign) => (sign === 'n' ? '\n' : sign));

const labelsOf = (text: string): Record<string, string> => {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (name === '' || name in labels) throw new Error(`these are no labels: ${text}`);
    labels[name] = unescaped(value);
  }
  return labels;
};

const numberOf = (text: string): number => {
  if (/^[+-]Inf$/.test(text)) return text === '+Inf' ? Infinity : -Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (text === '' || Number.isNaN(Number(text))) throw new Error(`this is no number: ${text}`);
  return Number(text);
};

/** Throws for whatever a scrape would be refused for. */
export const families = (text: string): Family[] => {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const found = new Map<string, Family>();
  let current: Family | undefined;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (found.has(name)) throw new Error(`${name} comes twice`);
      current = { name, help: rest, type: '', samples: [] };
      found.set(name, current);
    } else if (kind === 'TYPE') {
      if (current?.name !== name || current.type !== '') throw new Error(`stray line: ${line}`);
      current.type = rest;
    } else {
      const [, own = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      const family = own.replace(/_(bucket|sum|count)$/, '');
      if (current?.name !== own && !(current?.type === 'histogram' && current.name === family)) {
        throw new Error(`stray line: ${line}`);
      }
      current.samples.push({ name: own, labels: labelsOf(labels), value: numberOf(value) });
    }
  }
  const all = [...found.values()];
  const keys = all.flatMap(({ samples }) =>
    samples.map((one) => JSON.stringify(Object.values(one).slice(0, 2))),
  );
  if (new Set(keys).size !== keys.length) throw new Error('a sample comes twice');
  return all;
};

const UNITS = ['milliseconds', 'ms', 'us', 'ns', 'minutes', 'hours', 'days', 'percent', 'kb', 'mb'];

/** The rules of `promtool check metrics`, as far as they can be broken here. */
export const lint = (all: Family[]): string[] =>
  all.flatMap(({ name, help, type, samples }) => {
    const words = name.split('_');
    const faults = [
      help === '' && 'has no help',
      !['counter', 'gauge', 'histogram'].includes(type) && `has the type ${type}`,
      type === 'counter' && !name.endsWith('_total') && 'is a counter and does not end in _total',
      type !== 'counter' && name.endsWith('_total') && 'is no counter and ends in _total',
      /_(bucket|count|sum|info)$/.test(name) && type !== 'gauge' && 'ends in a reserved word',
      /[A-Z:]/.test(name) && 'has a sign that names of metrics should not have',
      words.some((word) => ['counter', 'gauge', 'histogram', 'summary'].includes(word)) &&
        'has its type in its name',
      words.some((word) => UNITS.includes(word)) && 'has a unit that is no base unit',
      samples.some(({ labels }) => Object.keys(labels).some((label) => /[A-Z]/.test(label))) &&
        'has a label in camel case',
    ];
    return faults.flatMap((fault) => (fault === false ? [] : `${name} ${fault}`));
  });

/** The value of the one sample with this name and these labels, whatever others it has. */
export const sampleOf = (
  all: Family[],
  name: string,
  labels: Record<string, string> = {},
): number | undefined => {
  const fits = all
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.name === name)
    .filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
  if (fits.length > 1) throw new Error(`${fits.length} samples of ${name} fit`);
  return fits[0]?.value;
};
