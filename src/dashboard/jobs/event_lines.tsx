// What a job has told of itself, the newest first.
import { Time } from '../parts/time.tsx';
import { eventText, textOf } from './event_text.ts';
import type { Live } from './live.ts';

export const EventLines = ({ live: { lines, cut } }: { live: Live }) =>
  lines.length === 0 ? (
    <p class="card empty">Nothing was told, or it is deleted by now.</p>
  ) : (
    <>
      <ol class="card lines" reversed>
        {lines.toReversed().map((event) => (
          <li
            key={event.event_id}
            class={
              event.kind === 'log' ? `log-${textOf(event.data, 'level')}` : `line-${event.kind}`
            }
          >
            <Time at={event.at} short /> <span>{eventText(event)}</span>
          </li>
        ))}
      </ol>
      {cut && <p class="dim">The oldest are left out.</p>}
    </>
  );
