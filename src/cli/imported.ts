// How `import` tells what came of each schedule and of the history, and what could not be used.
import type { EarlierSource, Unused } from '../core/earlier.ts';
import type { ImportAction, ImportedSchedule } from '../core/import.ts';
import type { ImportedHistory } from '../core/import_history.ts';
import { type Fact, printFacts } from './facts.ts';
import { count, oneLine, statusWord } from './format.ts';
import type { Output } from './output.ts';
import { zoneTimes } from './schedule/times.ts';

export interface Imported {
  /** the database in words, without secrets */
  from: string;
  dry_run: boolean;
  schedules: ImportedSchedule[];
  executions: ImportedHistory;
  unused: ReturnType<EarlierSource['unused']>;
}

const NAME_WIDTH = 40;
/** Of what could not be used, so much is told to people. */
const MOST_UNUSED = 10;

const marks = {
  created: ['+', 'green'],
  present: ['=', 'dim'],
  deleted_there: ['-', 'dim'],
  deleted_here: ['-', 'dim'],
  refused: ['✗', 'red'],
} as const;

const nameOf = ({ name }: ImportedSchedule): string =>
  oneLine(name, NAME_WIDTH) || '(without a name)';

const ruleOf = (output: Output, { rule, status, next_execution }: ImportedSchedule): string => {
  if (rule === null) return '';
  const { job_type, schedule_expression, timezone } = rule;
  const next =
    next_execution === null
      ? statusWord(output.paint, status)
      : `next ${zoneTimes(timezone).local(next_execution)}`;
  const words = [job_type, schedule_expression, timezone].map((text) => oneLine(text, NAME_WIDTH));
  return [...words, next].join('  ');
};

const told = (output: Output, schedule: ImportedSchedule): string => {
  const { action, status, name, earlier_name, earlier_id } = schedule;
  const id = output.paint.dim(`id there ${oneLine(earlier_id, 60) || 'missing'}`);
  if (action === 'refused') return id;
  if (action === 'deleted_there') return 'deleted there';
  if (action === 'deleted_here') return 'deleted here since';
  const as = status === 'active' ? '' : `, ${statusWord(output.paint, status)}`;
  const what = action === 'present' ? `here already${as}` : ruleOf(output, schedule);
  return name === earlier_name.trim() ? what : `${what}  ${id}`;
};

/** A line for each, and one for each reason why it is refused. */
export const printSchedules = (
  output: Output,
  from: string,
  schedules: ImportedSchedule[],
): void => {
  const { line, paint } = output;
  line(`From ${oneLine(from, 200)}:`);
  if (schedules.length === 0) line('  there are no schedules');
  const width = Math.max(0, ...schedules.map((schedule) => nameOf(schedule).length));
  for (const schedule of schedules) {
    const [mark, color] = marks[schedule.action];
    const head = paint[color](`${mark} ${nameOf(schedule).padEnd(width)}`);
    line(`${head}  ${told(output, schedule)}`);
    for (const { path, message } of schedule.problems) {
      line(`    ${path === '' ? '' : `${paint.bold(oneLine(path))}: `}${oneLine(message, 500)}`);
    }
  }
  line();
};

const countOf = (schedules: ImportedSchedule[]): Record<ImportAction, number> => {
  const counts = { created: 0, present: 0, refused: 0, deleted_there: 0, deleted_here: 0 };
  for (const { action } of schedules) counts[action] += 1;
  return counts;
};

const listed = (parts: [number, string][]): string =>
  parts.flatMap(([amount, words]) => (amount > 0 ? [`${amount} ${words}`] : [])).join(', ') ||
  'none';

const factsOf = ({ schedules, executions, dry_run }: Imported): Fact[] => {
  const sum = countOf(schedules);
  const { added, present, unchecked, unfinished, left_out } = executions;
  return [
    [
      'schedules',
      listed([
        [sum.created, dry_run ? 'to be created' : 'created'],
        [sum.present, 'here already'],
        [sum.refused, 'refused'],
        [sum.deleted_there, 'deleted there'],
        [sum.deleted_here, 'deleted here since'],
      ]),
    ],
    [
      'executions',
      listed([
        [added, dry_run ? 'to be added' : 'added'],
        [present, 'here already'],
        [unchecked, 'to be added unless they are here already'],
        [unfinished, 'not over there yet'],
        [left_out, 'left out with their schedules'],
      ]),
    ],
  ];
};

const unusedSentence = ({ table, row, column, value, reason }: Unused): string => {
  const place = column === null ? table : `${table}.${column}`;
  const of = row === null ? '' : ` of ${row}`;
  // Some reasons name the value by themselves.
  const given = value === null || reason.includes(value) ? '' : ` ${JSON.stringify(value)}:`;
  return oneLine(`${place}${of}:${given} ${reason}`, 300);
};

const printNotes = ({ note }: Output, { schedules, executions, unused, dry_run }: Imported) => {
  if (unused.count > 0) {
    note('Not used:');
    for (const each of unused.first.slice(0, MOST_UNUSED)) note(`  ${unusedSentence(each)}`);
    const more = unused.count - Math.min(MOST_UNUSED, unused.first.length);
    if (more > 0) note(`  and ${more} more; --json tells the first ${unused.first.length}`);
  }
  if (executions.stopped) note('Stopped before the end; the same command brings the rest.');
  const due = schedules.filter(({ action, status }) => action === 'created' && status === 'active');
  if (due.length > 0 && !dry_run) {
    const are = due.length === 1 ? 'is' : 'are';
    note(
      `${count(due.length, 'schedule')} ${are} due here from now on: stop the earlier scheduler.`,
    );
  }
};

export const printSummary = (output: Output, imported: Imported): void => {
  output.line(imported.dry_run ? 'Nothing was written.' : 'Done.');
  printFacts(output, factsOf(imported));
  printNotes(output, imported);
};

/** For programs. */
export const toData = ({ from, dry_run, schedules, ...more }: Imported) => ({
  from,
  dry_run,
  schedules,
  ...countOf(schedules),
  ...more,
});
