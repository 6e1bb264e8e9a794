// What a database of an earlier scheduler is asked for. Nothing in it is ever written.

/** A row by our names for its columns; every value as the database writes it as text, times in UTC. */
export type Row = Record<string, string | null>;

export interface EarlierDatabase {
  /** in words, without secrets */
  where: string;
  /** its own clock */
  now: Date;
  /** in their order; none = there is no such table */
  columnsOf(table: string): Promise<string[]>;
  /**
   * All rows, a page at a time, in the order in which they came into being; `columns` gives each of
   * our names the column it stands for, `id` among them.
   */
  rowsOf(table: string, columns: Record<string, string>): AsyncGenerator<Row[]>;
  close(): Promise<void>;
}

/** Rows of a page: results may be large, so not too many. */
export const PAGE_ROWS = 100;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
