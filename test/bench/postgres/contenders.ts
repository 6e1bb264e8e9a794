// Everyone who is measured, by the name that the figures call them.
import { bare } from './bare.ts';
import type { Contender } from './contender.ts';
import { graphile } from './graphile.ts';
import { ours } from './ours.ts';
import { pgBoss } from './pgboss.ts';

export const contenders = {
  'cloud-jobs': ours(1),
  'cloud-jobs, batches of 50': ours(50),
  'graphile-worker': graphile,
  'pg-boss': pgBoss,
  'two bare statements, prepared': bare({ prepared: true, execution: false }),
  'two bare statements, unnamed': bare({ prepared: false, execution: false }),
  'two statements with an execution row': bare({ prepared: true, execution: true }),
} satisfies Record<string, Contender>;

export type Name = keyof typeof contenders;
export const names = Object.keys(contenders) as Name[];
