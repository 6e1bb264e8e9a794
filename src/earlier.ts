// The door to the database of an earlier scheduler. Apart from app.ts, so that neither a cloud function
// nor the library carries what only the command line's `import` needs.
import type { EarlierSource } from './core/earlier.ts';
import { InputError } from './errors.ts';
import { databaseFault } from './settings/addresses.ts';

/** Of a store, other addresses could be right; of what is read here, only these two. */
const faultOf = (address: string): string | undefined =>
  /^(sqlite|postgres(ql)?):/i.test(address)
    ? databaseFault(address)
    : 'is not an address of the form sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE';

/**
 * Opens it for reading, and reads its schedules. Throws InputError, which never repeats the address, for
 * it may hold a password; StoreUnavailableError or StoreRefusedError where it cannot be reached.
 */
export const openEarlier = async (address: string): Promise<EarlierSource> => {
  const text = address.trim();
  const message = faultOf(text);
  if (message !== undefined) {
    throw new InputError([{ path: '--from-schedules', message }], 'Import refused');
  }
  const { openEarlier: open } = await import('./stores/earlier/open.ts');
  return open(text);
};
