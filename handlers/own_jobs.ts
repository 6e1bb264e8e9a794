// Job types of your own in the cloud functions. The build puts the module that JOB_MODULE names in
// this one's place; without it there are only the shipped types.
import type { OwnJobs } from '../src/invocation.ts';

export const ownJobs: OwnJobs = {};
