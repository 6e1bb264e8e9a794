// Origins of web pages: a list, or a text with commas.
import * as z from 'zod';
import { listed } from './kinds.ts';

/** The origin that a text names, as browsers write it; null when it names none, or more than one. */
const originOf = (text: string): string | null => {
  try {
    const { protocol, origin, href } = new URL(text);
    const plain = /^https?:$/.test(protocol) && href === `${origin}/` && !/[?#]/.test(text);
    return plain ? origin : null;
  } catch {
    return null;
  }
};

const ANY =
  '* would let every page of the web ask in the name of whoever has it open; name the origins, such as https://app.example.com';

/** What CORS_ORIGINS may be. */
export const originsFault = (value: unknown): string | undefined => {
  const faults = listed(value).flatMap((text) => {
    if (text === '*') return [ANY];
    if (typeof text === 'string' && originOf(text) !== null) return [];
    return [`${JSON.stringify(text)} is not an origin such as https://app.example.com`];
  });
  return faults.length > 0 ? faults.join('; ') : undefined;
};

export const origins = z
  .unknown()
  .transform(listed)
  .pipe(z.array(z.string().transform((text) => originOf(text) ?? '')));
