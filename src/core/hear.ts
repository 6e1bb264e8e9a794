// What a claim tells besides its picks, said aloud and counted.
import type { Teller } from './alerting.ts';
import type { Claim } from './claim.ts';
import type { Emit } from './events.ts';
import type { Tally } from './tally.ts';

export const hear = (claim: Claim, emit: Emit, tally: Tally, teller: Teller): void => {
  const expired = claim.released.map(({ instance_id: held_by, ...of }) => ({ held_by, ...of }));
  tally.released += expired.length;
  for (const released of expired) emit({ event: 'lock.released', ...released });
  teller.locksExpired(expired);
  for (const { status, ...slot } of claim.slots) {
    tally.slots[status] = (tally.slots[status] ?? 0) + 1;
    emit({ event: `slot.${status}`, ...slot });
  }
};
