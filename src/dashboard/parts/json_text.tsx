// JSON as it is read: short on the line, long behind a click.
import type { Json } from '../../core/json.ts';
import { More } from './more.tsx';

/** characters that fit beside other things */
const SHORT = 120;

export const isEmpty = (value: Json): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** Nothing for null and what is empty. */
export const JsonText = ({ value, name }: { value: Json; name: string }) => {
  if (isEmpty(value)) return null;
  const line = typeof value === 'string' ? value : JSON.stringify(value);
  if (line.length <= SHORT) return <code class="json">{line}</code>;
  const whole = () => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  return <More summary={name}>{() => <pre class="json">{whole()}</pre>}</More>;
};

/** Under a heading of its own, whole. */
export const JsonBlock = ({ value }: { value: Json }) => (
  <pre class="json">{JSON.stringify(value, null, 2)}</pre>
);
