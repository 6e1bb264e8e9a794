// What `doctor` says of schedules: rules that cannot be read, types without code, times nobody woke for.
import { nextTime, ruleFaults } from '../../core/cron/rule.ts';
import { duration } from '../../core/lengths.ts';
import type { Schedule } from '../../core/schedule.ts';
import { schedulePages } from '../../core/schedule_pages.ts';
import type { Runner } from '../../runner.ts';
import { type Check, ok, warning } from '../check.ts';
import { age, count, oneLine } from '../format.ts';

/** Seconds that a time may be due before somebody should have woken. */
const SLEPT = 3600;
/** Of each kind of fault; a broken installation has it with every schedule. */
const MOST_NAMED = 5;

type Kind = 'rule' | 'type' | 'slept' | 'ahead';

interface Found {
  named: string[];
  more: number;
}

interface Fault {
  kind: Kind;
  sentence: string;
}

const faultsOf = (schedule: Schedule, runner: Runner, now: Date): Fault[] => {
  const { name, job_type, next_execution, planned_until } = schedule;
  const [unread] = ruleFaults(schedule);
  const faults: Fault[] = [];
  const add = (kind: Kind, sentence: string) =>
    faults.push({ kind, sentence: `"${oneLine(name, 60)}" ${sentence}` });
  if (unread !== undefined) add('rule', `cannot be planned on: ${unread.message}`);
  if (!runner.job_types.includes(job_type)) {
    const type = oneLine(job_type, 60);
    add('type', `makes jobs of type "${type}", which this instance has no code for`);
  }
  const late = next_execution === null ? 0 : (now.getTime() - next_execution.getTime()) / 1000;
  if (late > SLEPT) {
    add('slept', `has been due for ${duration(late)}: nothing has woken a drain since`);
  }
  // So it is when a clock of the store was wrong for a while, and put right.
  const due = unread === undefined ? nextTime(schedule, now) : null;
  if (due !== null && planned_until !== null && next_execution !== null && next_execution > due) {
    const until = `planned until ${age(planned_until, now)} without ${age(due, now)}`;
    add('ahead', `is ${until}, as if a clock had been wrong: pause and resume it`);
  }
  return faults;
};

/** The first few of each kind by name, and how many more there are. */
const warningsOf = (faults: Map<Kind, Found>): Check[] =>
  [...faults.values()].flatMap(({ named, more }) =>
    [...named, ...(more > 0 ? [`and ${more} more of this kind`] : [])].map((sentence) =>
      warning('schedules', sentence),
    ),
  );

/** `now` is the store's clock. */
export const checkSchedules = async (runner: Runner, now: Date): Promise<Check[]> => {
  const faults = new Map<Kind, Found>();
  let active = 0;
  let first: Date | null = null;
  for await (const page of schedulePages(runner.store, { status: 'active' })) {
    active += page.length;
    for (const schedule of page) {
      const { next_execution } = schedule;
      if (next_execution !== null && (first === null || next_execution < first)) {
        first = next_execution;
      }
      for (const { kind, sentence } of faultsOf(schedule, runner, now)) {
        const known = faults.get(kind) ?? { named: [], more: 0 };
        if (known.named.length < MOST_NAMED) known.named.push(sentence);
        else known.more += 1;
        faults.set(kind, known);
      }
    }
  }
  if (active === 0) return [ok('schedules', 'none is active')];
  if (faults.size > 0) return warningsOf(faults);
  const next = first === null ? '' : `, the next one due ${age(first, now)}`;
  return [ok('schedules', `${count(active, 'active schedule')}${next}`)];
};
