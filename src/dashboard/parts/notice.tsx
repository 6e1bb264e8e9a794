// A sentence that matters: what went wrong is said at once, what went well when there is a pause.
import type { ComponentChildren } from 'preact';

interface Props {
  kind: 'bad' | 'good' | 'plain';
  children: ComponentChildren;
}

export const Notice = ({ kind, children }: Props) => (
  <div class={`notice notice-${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
    {children}
  </div>
);

/** Nothing while there is no fault. */
export const Fault = ({ sentence }: { sentence: string | null }) =>
  sentence === null ? null : <Notice kind="bad">{sentence}</Notice>;
