// What was sent: JSON, within bounds, or refused by a sentence.
import { depthOf, MAX_DEPTH } from '../core/json.ts';
import { show } from '../core/rules.ts';
import { describeThrown } from '../core/thrown.ts';
import { InputError, RequestError } from '../errors.ts';

/** bytes */
export const MAX_BODY = 256 * 1024;

export const tooLarge = (): RequestError =>
  new RequestError('too_large', `The body is larger than ${MAX_BODY} bytes (256 KiB); send less.`);

const isJson = (type: string): boolean => /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type);

/** Throws an InputError: what is no UTF-8 would be kept as something else than was sent. */
export const readText = (bytes: ArrayBuffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError([{ path: 'body', message: 'is not JSON: it is not UTF-8' }]);
  }
};

/** undefined = nothing was sent. Throws RequestError (it says that it is no JSON) or InputError. */
export const readJson = (text: string, type: string | null): unknown => {
  if (text.trim() === '') return undefined;
  if (!isJson(type ?? '')) {
    const given = type === null ? 'has no Content-Type' : `has the Content-Type ${show(type)}`;
    throw new RequestError('not_json', `The body ${given}; expected application/json.`);
  }
  if (depthOf(text) > MAX_DEPTH) {
    throw new InputError([{ path: 'body', message: `is nested deeper than ${MAX_DEPTH} levels` }]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `is not JSON: ${describeThrown(error).message}`;
    throw new InputError([{ path: 'body', message }]);
  }
};
