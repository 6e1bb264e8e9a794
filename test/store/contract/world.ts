// What a test of the store contract gets, and what a store has to hand over to be tested.
import type { Store } from '../../../src/core/store.ts';

/** One fresh, empty set of data. */
export interface StoreUnderTest {
  /** another instance's handle on the same data */
  open(): Promise<Store>;
  /** moves the store's clock on, or back */
  advance(seconds: number): Promise<void>;
  /** closes every handle and throws the data away */
  close(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreUnderTest>;

export interface World {
  store: Store;
  open(): Promise<Store>;
  advance(seconds: number): Promise<void>;
}

/** Tests by the sentence each one proves. */
export type ContractTests = Record<string, (world: World) => Promise<void>>;
