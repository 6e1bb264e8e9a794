// One schedule: its rule, its next times, its ledger, and what one may do to it.
import { useState } from 'preact/hooks';
import type { ScheduleDetailAnswer } from '../../client/client.ts';
import { JsonBlock } from '../parts/json_text.tsx';
import { Fault } from '../parts/notice.tsx';
import { Status } from '../parts/status.tsx';
import { Time } from '../parts/time.tsx';
import { Part, View } from '../parts/view.tsx';
import { useLoaded } from '../shell/loaded.ts';
import { scheduleHref } from '../shell/place.ts';
import { Ledger } from './ledger.tsx';
import { NextTimes } from './next_times.tsx';
import { ScheduleActions } from './schedule_actions.tsx';
import { ScheduleFacts } from './schedule_facts.tsx';

const REFRESH_MS = 5000;
/** rows of the ledger at first, and with each asking for more */
const ROWS = 50;

const Earlier = ({ of: earlier }: { of: ScheduleDetailAnswer['earlier'] }) =>
  earlier.length === 0 ? null : (
    <Part title="Deleted schedules of the same name">
      <ul class="card">
        {earlier.map(({ schedule_id, created_at, deleted_at }) => (
          <li key={schedule_id}>
            <a href={scheduleHref(schedule_id)}>{schedule_id}</a>, <Time at={created_at} /> to{' '}
            <Time at={deleted_at} />
          </li>
        ))}
      </ul>
    </Part>
  );

export const ScheduleView = ({ schedule_id }: { schedule_id: string }) => {
  const [rows, setRows] = useState(ROWS);
  const { value, sentence, reload } = useLoaded(
    (client, signal) => client.schedules.get(schedule_id, { slots: rows, signal }),
    `${schedule_id} ${rows}`,
    REFRESH_MS,
  );
  return (
    <View title={value?.name ?? 'Schedule'} beside={value && <Status of={value.status} />}>
      <Fault sentence={sentence} />
      {value && (
        <>
          <ScheduleActions schedule={value} onChange={reload} />
          {value.rule_faults.map(({ path, message }) => (
            <Fault key={path} sentence={`${path}: ${message}`} />
          ))}
          <ScheduleFacts schedule={value} />
          <NextTimes schedule={value} />
          <Part title="What became of its times">
            <Ledger slots={value.slots} />
            {value.slots.length >= rows && (
              <button type="button" onClick={() => setRows(rows + 2 * ROWS)}>
                Show more
              </button>
            )}
          </Part>
          <Earlier of={value.earlier} />
          <Part title="Config">
            <JsonBlock value={value.config} />
          </Part>
        </>
      )}
    </View>
  );
};
