// Schedules by name: when each falls due, and whether it does at all.
import type { ScheduleAnswer } from '../../client/client.ts';
import { type ScheduleStatus, scheduleStatuses } from '../../core/schedule.ts';
import { ChoiceField } from '../parts/field.tsx';
import { Fault } from '../parts/notice.tsx';
import { Status } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import { Nothing, Time } from '../parts/time.tsx';
import { View } from '../parts/view.tsx';
import { useLoaded } from '../shell/loaded.ts';
import { go, hrefOf, scheduleHref } from '../shell/place.ts';

const REFRESH_MS = 5000;
const PAGE = 50;

const columns = [
  { name: 'Name' },
  { name: 'Status' },
  { name: 'Rule' },
  { name: 'Next', wide: true },
  { name: 'Last job', wide: true },
  { name: 'Type', wide: true },
];

const timeOf = (at: string | null) => (at === null ? <Nothing /> : <Time at={at} short aged />);

const nextOf = ({ status, next_execution }: ScheduleAnswer) =>
  timeOf(status === 'active' ? next_execution : null);

const rowOf = (schedule: ScheduleAnswer) => ({
  key: schedule.schedule_id,
  cells: [
    <>
      <a href={scheduleHref(schedule.schedule_id)}>{schedule.name}</a>
      <span class="under narrow-only">next: {nextOf(schedule)}</span>
    </>,
    <Status of={schedule.status} />,
    <>
      <code>{schedule.schedule_expression}</code>
      <span class="under">{schedule.timezone}</span>
    </>,
    nextOf(schedule),
    timeOf(schedule.last_execution),
    schedule.job_type,
  ],
});

const statusOf = (word: string | null): ScheduleStatus | undefined =>
  scheduleStatuses.find((status) => status === word);

export const ScheduleList = ({ query }: { query: URLSearchParams }) => {
  const status = statusOf(query.get('status'));
  const after = query.get('after') ?? undefined;
  const { value, sentence } = useLoaded(
    (client, signal) => client.schedules.list({ status, after, limit: PAGE }, { signal }),
    query.toString(),
    REFRESH_MS,
  );
  const filter = { status: status ?? null };
  const last = value?.next === null ? undefined : value?.schedules.at(-1)?.name;
  return (
    <View
      title="Schedules"
      beside={
        <a class="button primary" href={hrefOf(['schedules', 'new'])}>
          Create a schedule
        </a>
      }
    >
      <div class="filters">
        <ChoiceField
          label="Status"
          value={status ?? ''}
          choices={[
            ['', 'any but deleted'],
            ...scheduleStatuses.map((each) => [each, each] as const),
          ]}
          onValue={(word) => go(hrefOf(['schedules'], { status: word }))}
        />
      </div>
      <Fault sentence={sentence} />
      {value && value.schedules.length === 0 && (
        <p class="card empty">No schedules of this kind.</p>
      )}
      {value && value.schedules.length > 0 && (
        <Table caption="Schedules" columns={columns} rows={value.schedules.map(rowOf)} />
      )}
      <nav class="pages" aria-label="Pages">
        {after !== undefined && <a href={hrefOf(['schedules'], filter)}>First</a>}
        {last !== undefined && <a href={hrefOf(['schedules'], { ...filter, after: last })}>More</a>}
      </nav>
    </View>
  );
};
