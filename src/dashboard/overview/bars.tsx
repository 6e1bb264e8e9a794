// Stacked bars over time, drawn by hand; the same figures stand in a table under them.
import type { ComponentChildren } from 'preact';
import { Table } from '../parts/table.tsx';
import { axisMoment, moment } from '../words.ts';
import { type Column, roundUp, type Series, totalsOf } from './series.ts';

/** share of a column's width that its bar takes */
const BAR = 0.78;
const MARKS = 5;

export interface BarsProps {
  title: string;
  series: Series;
  /** how many of the names are drawn; the others stand in the table only */
  drawn?: number;
  /** columns are so far apart that days matter */
  days: boolean;
  words: (value: number) => string;
  summary: ComponentChildren;
}

const tellOf = ({ from, values }: Column, { series, words }: BarsProps): string => {
  const told = series.names.flatMap((name, index) =>
    (values[index] ?? 0) > 0 ? [`${words(values[index] ?? 0)} ${name}`] : [],
  );
  return `${moment(from)}: ${told.length === 0 ? 'none' : told.join(', ')}`;
};

const percent = (share: number): string => `${Number((share * 100).toFixed(3))}%`;

const Drawing = (props: BarsProps & { top: number; names: readonly string[] }) => {
  const { series, title, top, names } = props;
  const { columns } = series;
  const width = 1 / columns.length;
  return (
    <svg class="bars" role="img" aria-label={`${title}: the figures stand in the table below`}>
      {[0, 0.5, 1].map((share) => (
        <line key={share} x1="0" x2="100%" y1={percent(share)} y2={percent(share)} />
      ))}
      {columns.map((column, index) => {
        let bottom = 1;
        return (
          <g key={column.from}>
            <title>{tellOf(column, props)}</title>
            <rect class="hit" x={percent(index * width)} width={percent(width)} height="100%" />
            {names.map((name, at) => {
              const share = (column.values[at] ?? 0) / top;
              bottom -= share;
              return share === 0 ? null : (
                <rect
                  key={name}
                  class={`bar-${name}`}
                  x={percent((index + (1 - BAR) / 2) * width)}
                  y={percent(bottom)}
                  width={percent(BAR * width)}
                  height={percent(share)}
                />
              );
            })}
          </g>
        );
      })}
    </svg>
  );
};

const anchorOf = (share: number): 'start' | 'middle' | 'end' => {
  if (share < 0.05) return 'start';
  return share > 0.92 ? 'end' : 'middle';
};

const Axis = ({ columns, days }: { columns: Column[]; days: boolean }) => {
  const step = Math.max(1, Math.floor((columns.length - 1) / (MARKS - 1)));
  return (
    <svg class="axis" aria-hidden="true">
      {columns.map(({ from }, index) => {
        const share = index / columns.length;
        return index % step === 0 && index / step < MARKS ? (
          <text key={from} x={percent(share)} y="12" text-anchor={anchorOf(share)}>
            {axisMoment(from, days)}
          </text>
        ) : null;
      })}
    </svg>
  );
};

const FiguresTable = ({ title, series, words }: BarsProps) => (
  <details>
    <summary>As a table</summary>
    <Table
      caption={title}
      columns={[{ name: 'From' }, ...series.names.map((name) => ({ name, number: true }))]}
      rows={series.columns
        .filter(({ values }) => values.some((value) => value > 0))
        .map(({ from, values }) => ({
          key: from,
          cells: [moment(from), ...values.map((value) => (value > 0 ? words(value) : '0'))],
        }))}
    />
  </details>
);

export const Bars = (props: BarsProps) => {
  const { title, series, drawn, days, words, summary } = props;
  const names = series.names.slice(0, drawn);
  const heights = series.columns.map(({ values }) =>
    values.slice(0, names.length).reduce((sum, value) => sum + value, 0),
  );
  const top = roundUp(Math.max(...heights));
  const totals = totalsOf(series);
  const seen = names.filter((_, index) => (totals[index] ?? 0) > 0);
  return (
    <figure class="card chart">
      <figcaption>
        <h3>{title}</h3>
        <p class="dim">{summary}</p>
      </figcaption>
      <div class="plot">
        <span class="top" aria-hidden="true">
          {words(top)}
        </span>
        <Drawing {...props} top={top} names={names} />
        <Axis columns={series.columns} days={days} />
      </div>
      {names.length > 1 && (
        <ul class="legend">
          {seen.map((name) => (
            <li key={name}>
              <span class={`key bar-${name}`} aria-hidden="true" />
              {name}
            </li>
          ))}
        </ul>
      )}
      {totals.some((total) => total > 0) && <FiguresTable {...props} />}
    </figure>
  );
};
