// The first view: what there is, what is due, and what happened lately.
import { Fault } from '../parts/notice.tsx';
import { Part, View } from '../parts/view.tsx';
import { useLoaded } from '../shell/loaded.ts';
import { hrefOf } from '../shell/place.ts';
import { Charts } from './charts.tsx';
import { Counts, Due, Types } from './counts.tsx';

const REFRESH_MS = 10_000;

const ranges = [
  { hours: 24, name: '24 hours' },
  { hours: 168, name: '7 days' },
  { hours: 720, name: '30 days' },
] as const;

const Ranges = ({ hours }: { hours: number }) => (
  <nav aria-label="Stretch of time">
    <ul class="links">
      {ranges.map((range) => (
        <li key={range.hours}>
          <a
            href={hrefOf([], { hours: String(range.hours) })}
            aria-current={range.hours === hours ? 'true' : undefined}
          >
            {range.name}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

export const Overview = (props: { hours: string | null }) => {
  const hours = ranges.find((range) => String(range.hours) === props.hours)?.hours ?? 24;
  const stats = useLoaded((client, signal) => client.stats({ signal }), '', REFRESH_MS);
  const timeline = useLoaded(
    (client, signal) => client.timeline({ hours, signal }),
    String(hours),
    REFRESH_MS,
  );
  return (
    <View title="Overview">
      <Fault sentence={stats.sentence ?? timeline.sentence} />
      <Part title="Jobs">
        {stats.value && (
          <>
            <Counts jobs={stats.value.jobs} />
            <Due due={stats.value.due} />
          </>
        )}
      </Part>
      <Part title="Lately" beside={<Ranges hours={hours} />}>
        {timeline.value && <Charts timeline={timeline.value} />}
      </Part>
      {stats.value && stats.value.types.length > 0 && (
        <Part title="By type">
          <Types types={stats.value.types} />
        </Part>
      )}
    </View>
  );
};
