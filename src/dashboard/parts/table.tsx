// A table with headings; where it is too wide, it scrolls and not the page.
import type { ComponentChildren } from 'preact';

export interface Column {
  name: string;
  /** left out on narrow screens */
  wide?: boolean;
  number?: boolean;
  /** it holds long texts */
  text?: boolean;
}

export interface Row {
  key: string;
  cells: ComponentChildren[];
}

interface Props {
  caption: string;
  columns: Column[];
  rows: Row[];
  /** it is being loaded anew */
  busy?: boolean;
}

const classOf = ({ wide, number, text }: Column): string =>
  [wide ? 'wide' : '', number ? 'number' : '', text ? 'text' : ''].join(' ').trim();

/** The first cell of each row is its heading. */
export const Table = ({ caption, columns, rows, busy = false }: Props) => (
  <div class="table-frame">
    <table aria-busy={busy}>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" class={classOf(column)}>
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {columns.map((column, index) =>
              index === 0 ? (
                <th key={column.name} scope="row" class={classOf(column)}>
                  {cells[index]}
                </th>
              ) : (
                <td key={column.name} class={classOf(column)}>
                  {cells[index]}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
