// A moment in the reader's zone; its title has it whole, in UTC.
import { age, minuteMoment, moment, shortMoment } from '../words.ts';

interface Props {
  at: string;
  /** without the date where it is today's */
  short?: boolean;
  /** a nominal time, which has no seconds */
  nominal?: boolean;
  /** with how long ago that is */
  aged?: boolean;
}

export const Time = ({ at, short = false, nominal = false, aged = false }: Props) => {
  const now = Date.now();
  const whole = nominal ? minuteMoment(at) : moment(at);
  return (
    <>
      <time dateTime={at} title={at}>
        {short ? shortMoment(at, now) : whole}
      </time>
      {aged && <span class="dim"> ({age(at, now)})</span>}
    </>
  );
};

/** A dash, which is read out as what it means. */
export const Nothing = ({ means = 'none' }: { means?: string }) => (
  <span class="dim">
    <span aria-hidden="true">–</span>
    <span class="unseen">{means}</span>
  </span>
);
