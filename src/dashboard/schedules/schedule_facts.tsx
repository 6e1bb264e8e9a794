// What a schedule is: its rule, and the jobs it makes.
import type { ScheduleDetailAnswer } from '../../client/client.ts';
import { duration } from '../../core/lengths.ts';
import { Facts } from '../parts/facts.tsx';
import { Time } from '../parts/time.tsx';
import { hrefOf } from '../shell/place.ts';
import { concurrencyWords, missedWords } from './rule_words.ts';

const missed = ({ missed: policy, starting_deadline_seconds: late }: ScheduleDetailAnswer) =>
  `${policy}: ${missedWords[policy]}${late === null ? '' : `, up to ${duration(late)} late`}`;

const retries = ({ max_retries, retry_delay_seconds, retry_backoff }: ScheduleDetailAnswer) =>
  max_retries === 0 ? 'none' : `${max_retries}, ${retry_delay_seconds} s apart, ${retry_backoff}`;

export const ScheduleFacts = ({ schedule }: { schedule: ScheduleDetailAnswer }) => (
  <div class="card">
    <Facts
      facts={[
        ['Rule', <code>{schedule.schedule_expression}</code>],
        ['In words', schedule.rule_in_words],
        ['Time zone', schedule.timezone],
        ['Type', <a href={hrefOf(['jobs'], { type: schedule.job_type })}>{schedule.job_type}</a>],
        ['Description', schedule.description],
        ['Missed', missed(schedule)],
        [
          'Concurrency',
          `${schedule.concurrency_policy}: ${concurrencyWords[schedule.concurrency_policy]}`,
        ],
        ['On start-up', schedule.run_on_startup ? 'a job is made' : null],
        ['Priority', String(schedule.priority)],
        ['Retries', retries(schedule)],
        ['Timeout', schedule.timeout_seconds === null ? null : duration(schedule.timeout_seconds)],
        ['Unique key', schedule.unique_key],
        ['Written by', schedule.applied ? 'a file (apply)' : null],
        ['Last job', schedule.last_execution && <Time at={schedule.last_execution} aged />],
        ['Created', <Time at={schedule.created_at} aged />],
        ['Changed', <Time at={schedule.updated_at} aged />],
        ['Id', <code class="id">{schedule.schedule_id}</code>],
      ]}
    />
  </div>
);
