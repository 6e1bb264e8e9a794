// The next times of a schedule, in the reader's zone and in its own.
import type { ScheduleDetailAnswer } from '../../client/client.ts';
import { Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { Part } from '../parts/view.tsx';
import { age, zoneMoment } from '../words.ts';

const FEW = 5;

export const NextTimes = ({ schedule }: { schedule: ScheduleDetailAnswer }) => {
  const { next_times, timezone, status } = schedule;
  if (status !== 'active') return null;
  if (next_times.length === 0) {
    return <Part title="No more times will come">{null}</Part>;
  }
  const elsewhere = timezone !== Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Part title="Next times">
      <Table
        caption="Next times"
        columns={[
          { name: 'Your time' },
          ...(elsewhere ? [{ name: timezone }] : []),
          { name: 'When' },
        ]}
        rows={next_times.slice(0, FEW).map((at) => ({
          key: at,
          cells: [
            <Time at={at} nominal />,
            ...(elsewhere ? [zoneMoment(at, timezone) ?? at] : []),
            age(at, Date.parse(schedule.now)),
          ],
        }))}
      />
    </Part>
  );
};
