// What every form ends with, and what it says when it was refused.
import { useEffect, useRef } from 'preact/hooks';
import { Notice } from '../parts/notice.tsx';
import { sentenceOf } from '../shell/access.ts';
import type { Faults } from './faults.ts';

/** The faults that stand at no field; where all do, only that there are some. */
export const FormFaults = ({ fault, faults }: { fault: unknown; faults: Faults }) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fault !== null) place.current?.scrollIntoView({ block: 'nearest' });
  }, [fault]);
  if (fault === null) return null;
  const { elsewhere, some_at_fields } = faults;
  return (
    <div ref={place}>
      <Notice kind="bad">
        {elsewhere.length === 0 && !some_at_fields && sentenceOf(fault)}
        {some_at_fields && <p>Refused: the fields below say why.</p>}
        {elsewhere.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Notice>
    </div>
  );
};

interface EndProps {
  busy: boolean;
  does: string;
  /** where one comes from */
  back: string;
}

export const FormEnd = ({ busy, does, back }: EndProps) => (
  <div class="buttons">
    <button type="submit" class="primary" aria-disabled={busy}>
      {busy ? 'Sending …' : does}
    </button>
    <a class="button" href={back}>
      Back
    </a>
  </div>
);
