// Ids of jobs and executions: UUIDs ordered by time, so that rows made together stand together in
// every index, and one commit touches few pages.
import { v7 } from 'uuid';

export const newId = (): string => v7();
