// `list`, `show`, `stats`: what there is.
import { Option } from 'commander';
import { type JobStatus, jobStatuses } from '../core/job.ts';
import type { JobFilter } from '../core/store.ts';
import { NotFoundError } from '../errors.ts';
import { jobId, wholeFrom } from './arguments.ts';
import type { AddCommands } from './command.ts';
import { withRunner } from './desk.ts';
import { printDetail } from './detail.ts';
import { age, oneLine, statusWord } from './format.ts';
import { printStats } from './stats.ts';

interface ListOptions {
  status?: JobStatus;
  type?: string;
  limit: number;
}

const addList: AddCommands = (program, act) => {
  program
    .command('list')
    .summary('list jobs, newest first')
    .description('Lists jobs, newest first.')
    .addOption(new Option('-s, --status <status>', 'only these').choices([...jobStatuses]))
    .option('-t, --type <type>', 'only this job type')
    .option('-n, --limit <count>', 'at most so many', wholeFrom(1), 50)
    .helpGroup('Jobs:')
    .action(
      act<ListOptions>(({ desk, flags, options: { status, type, limit } }) =>
        withRunner(desk, flags, async ({ runner }) => {
          const { output } = desk;
          const filter: JobFilter = {
            limit: output.json ? limit : limit + 1,
            ...(status && { status }),
            ...(type && { job_type: type }),
          };
          const jobs = await runner.store.listJobs(filter);
          if (output.json) {
            output.data(jobs);
            return 0;
          }
          if (jobs.length === 0) {
            output.note(
              status || type ? 'No such jobs.' : 'No jobs yet: cloud-jobs create NAME TYPE',
            );
            return 0;
          }
          const today = desk.today();
          const due = (at: Date, of: JobStatus) => (of === 'waiting' ? age(at, today) : '');
          await output.table(
            ['job', 'status', 'type', 'name', 'priority', 'due', 'created'],
            jobs
              .slice(0, limit)
              .map((job) => [
                job.job_id,
                statusWord(output.paint, job.status),
                oneLine(job.job_type, 24),
                oneLine(job.name, 40),
                String(job.priority),
                due(job.run_at, job.status),
                age(job.created_at, today),
              ]),
          );
          if (jobs.length > limit) output.note(`The newest ${limit}; --limit shows more.`);
          return 0;
        }),
      ),
    );
};

const addShow: AddCommands = (program, act) => {
  program
    .command('show')
    .summary('show a job with its executions and steps')
    .description('Shows a job: its state, dependencies, executions and steps.')
    .argument('<job-id>', 'its whole id', jobId)
    .helpGroup('Jobs:')
    .action(
      act(({ desk, flags }, id = '') =>
        withRunner(desk, flags, async ({ runner }) => {
          const detail = await runner.store.getJob(id);
          if (detail === null) throw new NotFoundError('job', id);
          if (desk.output.json) desk.output.data(detail);
          else await printDetail(desk.output, detail, desk.today());
          return 0;
        }),
      ),
    );
};

const addStats: AddCommands = (program, act) => {
  program
    .command('stats')
    .summary('count jobs and executions')
    .description('Counts jobs by status and type, and the executions of the last 24 hours.')
    .helpGroup('Jobs:')
    .action(
      act(({ desk, flags }) =>
        withRunner(desk, flags, async ({ runner }) => {
          const stats = await runner.store.stats();
          if (desk.output.json) desk.output.data(stats);
          else await printStats(desk.output, stats);
          return 0;
        }),
      ),
    );
};

export const addRead: AddCommands = (program, act) => {
  addList(program, act);
  addShow(program, act);
  addStats(program, act);
};
