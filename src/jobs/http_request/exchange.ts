// Sending a request under the rules for addresses and secrets, and what goes wrong in words.
import { Discard, isDiscard } from '../../errors.ts';
import { checkLiteral, guardedLookup, type Resolve, systemResolve } from './addresses.ts';
import { MAX_BODY_BYTES } from './answer.ts';
import type { Mask } from './secrets.ts';
import { type Incoming, type Outgoing, send } from './send.ts';

interface Exchange {
  request: Outgoing;
  deps: { allow_private: boolean; resolve?: Resolve };
  mask: Mask;
  /** names the request in errors, secrets not filled in */
  what: string;
  signal: AbortSignal;
}

const codeOf = (error: unknown): string => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return String(code ?? message);
};

/**
 * Throws Discard for an address that may not be called, the signal's reason once it is aborted, and
 * an Error when no answer came.
 */
export const exchange = async ({
  request,
  deps: { allow_private, resolve = systemResolve },
  mask,
  what,
  signal,
}: Exchange): Promise<Incoming> => {
  try {
    if (!allow_private) checkLiteral(request.url.hostname);
    const lookup = guardedLookup(resolve, allow_private);
    // A secret that begins within the kept part is read to its end, so that it can be masked.
    return await send(request, lookup, MAX_BODY_BYTES + mask.longest, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (isDiscard(error)) throw new Discard(mask(error.message));
    // The thrown error is not passed on as the cause: it may show the address with its secrets.
    throw new Error(mask(`${what} got no answer: ${codeOf(error)}`));
  }
};
