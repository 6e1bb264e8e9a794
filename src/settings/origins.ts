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

/** What CORS_ORIGINS may be. */
export const originsFault = (value: unknown): string | undefined => {
  for (const text of listed(value)) {
    if (text === '*') {
      return '* would let every page of the web ask in the name of whoever has it open; name the origins, such as https://app.example.com';
    }
    if (typeof text !== 'string' || originOf(text) === null) {
      return `${JSON.stringify(text)} is not an origin such as https://app.example.com`;
    }
  }
  return undefined;
};

export const origins = z
  .unknown()
  .transform(listed)
  .pipe(z.array(z.string().transform((text) => originOf(text) ?? '')));
