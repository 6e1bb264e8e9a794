// `schedule create`: a cron rule with the job it makes, from the words of the command line.
import { type Command, Option } from 'commander';
import {
  type ConcurrencyPolicy,
  concurrencyPolicies,
  type MissedPolicy,
  missedPolicies,
  type Schedule,
} from '../../core/schedule.ts';
import type { ScheduleInput } from '../../core/schedule_input.ts';
import { InputError } from '../../errors.ts';
import { seconds } from '../arguments.ts';
import type { AddCommands } from '../command.ts';
import { type Desk, withOwnTypes } from '../desk.ts';
import { age } from '../format.ts';
import { addJobOptions, given, type JobOptions, jobFields } from '../job_options.ts';

interface CreateOptions extends JobOptions {
  timezone?: string;
  missed?: MissedPolicy;
  startingDeadline?: number;
  concurrency?: ConcurrencyPolicy;
  runOnStartup?: true;
}

const addRuleOptions = (command: Command): Command =>
  command
    .option('-z, --timezone <name>', 'whose clocks count, e.g. Europe/Berlin (UTC unless given)')
    .addOption(
      new Option(
        '--missed <which>',
        'what is made up for of times when nothing woke (latest unless given)',
      ).choices([...missedPolicies]),
    )
    .option('--starting-deadline <seconds>', 'make up for no time that is later than so', seconds)
    .addOption(
      new Option(
        '--concurrency <policy>',
        'make a job while an earlier one is unfinished, or not, or in its place (allow unless given)',
      ).choices([...concurrencyPolicies]),
    )
    .option('--run-on-startup', 'make a job at once, too, and whenever `work` starts');

const toInput = async (
  desk: Desk,
  [name = '', job_type = '', ...expression]: string[],
  options: CreateOptions,
): Promise<ScheduleInput> => ({
  name,
  job_type,
  schedule_expression: expression.join(' '),
  ...(await jobFields(desk, options)),
  ...given('timezone', options.timezone),
  ...given('missed', options.missed),
  ...given('starting_deadline_seconds', options.startingDeadline),
  ...given('concurrency_policy', options.concurrency),
  ...given('run_on_startup', options.runOnStartup),
});

/** A shell that was given the stars without quotes has put names of files in their place. */
const withHint = (error: unknown, words: string[]): unknown => {
  if (!(error instanceof InputError) || words.length < 4) return error;
  const problems = error.problems.map(({ path, message }) => {
    const hint = path === 'schedule_expression' ? '; put the expression in quotes' : '';
    return { path, message: `${message}${hint}` };
  });
  return new InputError(problems, error.heading);
};

const tell = async ({ output, today }: Desk, schedule: Schedule): Promise<void> => {
  const { readRule } = await import('../../core/cron/read_rule.ts');
  const { zoneTimes } = await import('./times.ts');
  const { timezone, next_execution } = schedule;
  output.line(schedule.schedule_id);
  output.note(`Due ${readRule(schedule).words} (${timezone}).`);
  if (next_execution !== null) {
    const { local, utc, is_utc } = zoneTimes(timezone);
    const told = is_utc ? '' : ` (${utc(next_execution)} UTC)`;
    output.note(`Next time: ${local(next_execution)}${told}, ${age(next_execution, today())}.`);
  }
  if (schedule.last_execution !== null) output.note('A first job is made already.');
  output.note(`Next: cloud-jobs schedule show ${schedule.schedule_id}`);
};

export const addCreateSchedule: AddCommands = (group, act) => {
  const command = group
    .command('create')
    .summary('make jobs by a cron rule')
    .description('Makes a job each time that a cron rule falls due. Prints the id of the schedule.')
    .argument('<name>', 'what people call the schedule and its jobs; no other has it')
    .argument('<type>', 'the job type, e.g. paper_fetch')
    .argument(
      '<expression...>',
      'five fields in quotes, "0 9 * * MON-FRI", or @daily and the like',
    );
  addJobOptions(addRuleOptions(command)).action(
    act<CreateOptions>(({ desk, flags, options }, ...words) =>
      withOwnTypes(desk, flags, async ({ runner }) => {
        const input = await toInput(desk, words, options);
        const schedule = await runner.schedules.create(input).catch((error: unknown) => {
          throw withHint(error, words);
        });
        if (desk.output.json) desk.output.data(schedule);
        else await tell(desk, schedule);
        return 0;
      }),
    ),
  );
};
