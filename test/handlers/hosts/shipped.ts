// The functions as `npm run build` leaves them in dist/, with the shipped job types alone.
import { join } from 'node:path';
import { beforeAll } from '@jest/globals';
import { build } from '../../cli/bundle.ts';
import { root } from '../../structure/source.ts';
import type { Cloud, Functions } from './functions.ts';
import { useFunctions } from './use_functions.ts';

export type StoreName = 'sqlite' | 'postgres' | 'supabase';

export const shippedFile = (cloud: Cloud, store: StoreName): string =>
  join(root, `dist/functions/${cloud}/${store}/drain.cjs`);

/** The programs around a function; the functions themselves are those of dist/, with SQLite. */
export const useShipped = (): (() => Functions) => {
  beforeAll(build);
  const programs = useFunctions('bundle', []);
  const file = { aws: shippedFile('aws', 'sqlite'), gcp: shippedFile('gcp', 'sqlite') };
  return () => ({ ...programs(), file });
};
