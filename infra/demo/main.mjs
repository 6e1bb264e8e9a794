// npm start: two jobs, created and drained by the real command line as a schedule would do it.
import { setTimeout as pause } from 'node:timers/promises';
import { cloudJobs, DATABASE_URL } from './cli.mjs';
import { serveFeed } from './feed.mjs';
import { isReachable, liveUrl } from './source.mjs';

const ROUNDS = 40;
const FINISHED = ['success', 'failed', 'cancelled'];
// Above every named priority, so that jobs of yours that wait are left for your own drains.
const FIRST = ['--priority', '1000'];

const say = (line = '') => console.log(line);
const point = (name, value) => say(`  ${name.padEnd(12)}${value}`);
const seconds = (value) => `${value.toFixed(2)} s`;

/** One invocation after another, each executing at most one job, until this job has had its turn. */
const drain = async (job_id, type, env) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const tally = await cloudJobs(['run', '--max-jobs', '1', '--type', type], env);
    const ours = tally.executions.find((execution) => execution.job_id === job_id);
    if (ours !== undefined) return ours;
    // Somebody else's drain may hold it: then it is done without us.
    const { job, executions } = await cloudJobs(['show', job_id], env);
    if (FINISHED.includes(job.status)) return { ...executions.at(-1), job_status: job.status };
    if (tally.picked === 0) await pause(500);
  }
  throw new Error(`Job ${job_id} had no turn in ${ROUNDS} invocations of cloud-jobs run.`);
};

const runJob = async ({ name, type, config, env }) => {
  const { job_id } = await cloudJobs(
    ['create', name, type, ...FIRST, '--job-config', ...config],
    env,
  );
  say(`\n${name}`);
  point('job', `${job_id} (${type})`);
  const execution = await drain(job_id, type, env);
  point('execution', `${execution.execution_id}`);
  point('outcome', `${execution.status} after ${seconds(execution.duration_seconds ?? 0)}`);
  if (execution.status !== 'success') point('reason', execution.error_message);
  return { job_id, ...execution };
};

const fetchPapers = async (url) => {
  const ran = await runJob({
    name: 'Newest papers on serverless computing',
    type: 'paper_fetch',
    config: ['keywords=["serverless"]', 'max_papers=8', 'output=papers.jsonl'],
    env: { ARXIV_API_URL: url },
  });
  if (ran.status !== 'success') return ran;
  const { papers_found, papers_new, saved_to } = ran.result;
  point('papers', `${papers_found} found, ${papers_new} of them new`);
  point('saved to', `${saved_to} (the table is in cloud-jobs.db)`);
  return ran;
};

/** A job that waits for another try would later be run against another source: it is cancelled. */
const giveUp = async ({ job_id, job_status }) => {
  if (job_status === 'waiting') await cloudJobs(['cancel', job_id]);
  const after = job_status === 'waiting' ? 'The demo cancels this job' : 'The demo leaves it there';
  say(`\narXiv could be reached, but the job did not get its papers.`);
  say(`${after} and tries once more with a small feed of its own.`);
};

const fetchMadeUp = async () => {
  say('Papers come from a small feed served on this machine: they are made up, all of them.');
  const feed = await serveFeed();
  try {
    return await fetchPapers(feed.url);
  } finally {
    feed.close();
  }
};

const fetchLive = async () => {
  say(`Papers come live from arXiv (${new URL(liveUrl).host}), at most one request in 3 seconds.`);
  const ran = await fetchPapers(liveUrl);
  if (ran.status === 'success') return ran;
  await giveUp(ran);
  return fetchMadeUp();
};

const tidyUp = async () => {
  const ran = await runJob({
    name: 'Clean up what is older than 30 days',
    type: 'maintenance',
    config: ['cleanup_days=30'],
  });
  if (ran.status !== 'success') return ran;
  const { executions_deleted, jobs_deleted } = ran.result;
  point('deleted', `${executions_deleted} executions, ${jobs_deleted} jobs`);
  return ran;
};

const nextCommands = (job_id) => {
  // Where another store is set, the commands must be told of this one.
  const where = process.env.DATABASE_URL ? ` --database-url ${DATABASE_URL}` : '';
  const commands = [
    ['list', 'the jobs'],
    [`show ${job_id}`, 'all of one job'],
    ['stats', 'counts and times'],
    ['create Tidy maintenance --job-config cleanup_days=7', 'a job of yours'],
    ['run', 'one drain: picks it, executes it, records it, exits'],
    ['doctor', 'is everything in order?'],
  ];
  say('\nNext, try');
  for (const [command, what] of commands) say(`  npx cloud-jobs${where} ${command}\n      ${what}`);
};

const main = async () => {
  const { applied } = await cloudJobs(['init']);
  say(
    applied.length > 0
      ? 'Created the tables in ./cloud-jobs.db.'
      : './cloud-jobs.db is there already.',
  );
  const live = await isReachable();
  if (!live) say(`arXiv cannot be reached from here (${new URL(liveUrl).host}).`);
  const papers = live ? await fetchLive() : await fetchMadeUp();
  const cleaning = await tidyUp();
  nextCommands(papers.job_id);
  if (papers.status !== 'success' || cleaning.status !== 'success') process.exitCode = 1;
};

await main();
