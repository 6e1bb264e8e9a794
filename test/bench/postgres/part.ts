// One part of the Postgres bench.
import type { Figure } from '../figures.ts';
import type { World } from './world.ts';

export interface Conditions {
  say: (text: string) => void;
  /** small numbers, to see that it works: the figures say little */
  quick: boolean;
}

/** Throws only when something was wrong, never because it was slow. */
export type Part = (world: World, conditions: Conditions) => Promise<Figure[]>;
