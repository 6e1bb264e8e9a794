// Importing what an earlier scheduler executed, in batches of few rows and few bytes; what is here already
// stays as it is, so it may be done again, and begun again after it was stopped.
import type { EarlierSource } from './earlier.ts';
import type { HistoryStore, PastExecution } from './history.ts';
import type { ImportAction, ImportedSchedule } from './import.ts';

export interface ImportedHistory {
  /** in a dry run: of the schedules that would be created */
  added: number;
  /** imported before */
  present: number;
  /** in a dry run: of schedules that are here, so that some of it may be, too */
  unchecked: number;
  /** not over yet there; a later import brings them */
  unfinished: number;
  /** of schedules that are not imported */
  left_out: number;
  /** interrupted before it came to the end; doing it again brings the rest */
  stopped: boolean;
}

export interface HistoryOptions {
  dry_run: boolean;
  /** heeded between two batches */
  interrupt: AbortSignal | null;
  /** after each batch */
  heard?: (history: ImportedHistory) => void;
}

const MOST_ROWS = 100;
/** Each may have a result of a megabyte, and a batch is one statement. */
const MOST_CHARACTERS = 1_000_000;

type Here = Extract<ImportAction, 'created' | 'present'>;

/** By their ids there, the schedules that history is imported of. */
const heirsOf = (schedules: ImportedSchedule[]): Map<string, Here> => {
  const heirs = new Map<string, Here>();
  for (const { earlier_id, action } of schedules) {
    if (action === 'created' || action === 'present') heirs.set(earlier_id, action);
  }
  return heirs;
};

const isFull = (batch: PastExecution[], characters: number, length: number): boolean =>
  batch.length === MOST_ROWS || (batch.length > 0 && characters + length > MOST_CHARACTERS);

/** In their order; what is larger than a batch may be is a batch of its own. */
async function* inBatches(pages: AsyncIterable<PastExecution[]>): AsyncGenerator<PastExecution[]> {
  let batch: PastExecution[] = [];
  let characters = 0;
  for await (const page of pages) {
    for (const past of page) {
      const { length } = JSON.stringify(past);
      if (isFull(batch, characters, length)) {
        yield batch;
        batch = [];
        characters = 0;
      }
      batch.push(past);
      characters += length;
    }
  }
  if (batch.length > 0) yield batch;
}

/** What is to be written; the rest is only counted. */
async function* wanted(
  { executions }: Pick<EarlierSource, 'executions'>,
  heirs: Map<string, Here>,
  history: ImportedHistory,
  dry_run: boolean,
): AsyncGenerator<PastExecution[]> {
  for await (const page of executions()) {
    const writable: PastExecution[] = [];
    for (const { earlier_id, past } of page) {
      const heir = heirs.get(earlier_id);
      if (heir === undefined) history.left_out += 1;
      else if (past === null) history.unfinished += 1;
      else if (!dry_run) writable.push(past);
      else if (heir === 'created') history.added += 1;
      else history.unchecked += 1;
    }
    yield writable;
  }
}

/**
 * `schedules`: what importSchedules answered. Dying here leaves whole batches written: doing it again
 * brings the rest. A dry run writes nothing.
 */
export const importExecutions = async (
  source: Pick<EarlierSource, 'executions'>,
  schedules: ImportedSchedule[],
  { dry_run, interrupt, heard }: HistoryOptions,
  store: HistoryStore,
): Promise<ImportedHistory> => {
  const counts = { added: 0, present: 0, unchecked: 0, unfinished: 0, left_out: 0 };
  const history: ImportedHistory = { ...counts, stopped: false };
  const found = wanted(source, heirsOf(schedules), history, dry_run);
  for await (const batch of inBatches(found)) {
    if (interrupt?.aborted) {
      history.stopped = true;
      break;
    }
    const { added } = await store.importHistory(batch);
    history.added += added;
    history.present += batch.length - added;
    heard?.(history);
  }
  return history;
};
