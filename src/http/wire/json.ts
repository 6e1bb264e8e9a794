// A type as it reads in JSON.
import type { Json } from '../../core/json.ts';

/** Of `T`, with the ISO text of every Date. */
export type Wire<T> = T extends Json
  ? T
  : T extends Date
    ? string
    : T extends (infer Element)[]
      ? Wire<Element>[]
      : T extends object
        ? { [Key in keyof T]: Wire<T[Key]> }
        : T;
