// What an event says, in words.
import type { EventAnswer } from '../../client/client.ts';
import type { Json } from '../../core/json.ts';

/** Events of other versions may hold anything. */
export const fieldOf = (data: Json, key: string): Json | undefined =>
  typeof data === 'object' && data !== null && !Array.isArray(data) ? data[key] : undefined;

export const textOf = (data: Json, key: string): string => {
  const value = fieldOf(data, key);
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const statusText = (data: Json): string => {
  const why = textOf(data, 'error_message') || textOf(data, 'reason');
  return `${textOf(data, 'status')}${why && `: ${why}`}`;
};

const stepText = (data: Json): string => {
  const detail = textOf(data, 'detail');
  return `step ${textOf(data, 'name')}: ${textOf(data, 'status')}${detail && `, ${detail}`}`;
};

const logText = (data: Json): string => {
  const fields = textOf(data, 'fields');
  const more = fields === '' || fields === '{}' ? '' : ` ${fields}`;
  return `${textOf(data, 'level')}: ${textOf(data, 'message')}${more}`;
};

export const eventText = ({ kind, data }: EventAnswer): string => {
  if (kind === 'status') return statusText(data);
  if (kind === 'step') return stepText(data);
  if (kind === 'log') return logText(data);
  return `${textOf(data, 'percent')} % ${textOf(data, 'message')}`;
};
