// What a test of the store contract gets, and what a store has to hand over to be tested.
import type { Store } from '../../../src/core/store.ts';

/** One fresh, empty set of data. */
export interface StoreUnderTest {
  /** another instance's handle on the same data */
  open(): Promise<Store>;
  /** moves the store's clock on, or back */
  advance(seconds: number): Promise<void>;
  setClock(now: Date): Promise<void>;
  /** closes every handle and throws the data away */
  close(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreUnderTest>;

export interface World extends Pick<StoreUnderTest, 'open' | 'advance' | 'setClock'> {
  store: Store;
}

/** Tests by the sentence each one proves. */
export type ContractTests = Record<string, (world: World) => Promise<void>>;
