// From a timeline to what a chart draws: one column for each part of the time, empty ones among them.
import type { TimelineAnswer } from '../../client/client.ts';
import { executionStatuses } from '../../core/job.ts';
import { slotStatuses } from '../../core/schedule.ts';

export interface Column {
  /** start of its part of the time, ISO */
  from: string;
  /** in the order of the series' names */
  values: number[];
}

export interface Series {
  names: readonly string[];
  columns: Column[];
}

type Found = Map<string, Map<string, number>>;

const partsOf = ({ since, at, bucket_seconds }: TimelineAnswer): string[] => {
  const [first, last] = [Date.parse(since), Date.parse(at)];
  const length = Math.max(1, bucket_seconds) * 1000;
  const amount = Math.max(1, Math.floor((last - first) / length) + 1);
  return Array.from({ length: amount }, (_, index) =>
    new Date(first + index * length).toISOString(),
  );
};

const note = (found: Found, from: string, name: string, value: number): void => {
  const part = new Date(from).toISOString();
  const values = found.get(part) ?? new Map<string, number>();
  values.set(name, (values.get(name) ?? 0) + value);
  found.set(part, values);
};

const seriesOf = (timeline: TimelineAnswer, names: readonly string[], found: Found): Series => ({
  names,
  columns: partsOf(timeline).map((from) => ({
    from,
    values: names.map((name) => found.get(from)?.get(name) ?? 0),
  })),
});

const ended = executionStatuses.filter((status) => status !== 'running');
const decided = slotStatuses.filter((status) => status !== 'planned');

/** Executions that ended, by status. */
export const executionSeries = (timeline: TimelineAnswer): Series => {
  const found: Found = new Map();
  for (const { from, status, count } of timeline.executions) note(found, from, status, count);
  return seriesOf(timeline, ended, found);
};

/** Nominal times of schedules, by what became of them. */
export const slotSeries = (timeline: TimelineAnswer): Series => {
  const found: Found = new Map();
  for (const { from, status, count } of timeline.slots) note(found, from, status, count);
  return seriesOf(timeline, decided, found);
};

/** Mean and longest seconds of the executions that ended, whatever came of them. */
export const durationSeries = (timeline: TimelineAnswer): Series => {
  const [sums, counts, longest]: [Found, Found, Found] = [new Map(), new Map(), new Map()];
  for (const { from, count, average_seconds, longest_seconds } of timeline.executions) {
    note(sums, from, 'mean', count * average_seconds);
    note(counts, from, 'mean', count);
    const part = new Date(from).toISOString();
    const before = longest.get(part)?.get('longest') ?? 0;
    longest.set(part, new Map([['longest', Math.max(before, longest_seconds)]]));
  }
  const columns = partsOf(timeline).map((from) => {
    const ended = counts.get(from)?.get('mean') ?? 0;
    const mean = ended === 0 ? 0 : (sums.get(from)?.get('mean') ?? 0) / ended;
    return { from, values: [mean, longest.get(from)?.get('longest') ?? 0] };
  });
  return { names: ['mean', 'longest'], columns };
};

/** Sums of each name over all columns. */
export const totalsOf = ({ names, columns }: Series): number[] =>
  names.map((_, index) => columns.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));

/** The next round number at or above it, whose half is round as well. */
export const roundUp = (value: number): number => {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  return factor * power;
};
