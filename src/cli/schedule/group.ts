// `schedule …`: the commands for schedules, each in a file of its own.
import type { AddCommands } from '../command.ts';
import { addCreateSchedule } from './create.ts';
import { addListSchedules } from './list.ts';
import { addShowSchedule } from './show.ts';
import { addSteerSchedules } from './steer.ts';

export const addSchedule: AddCommands = (program, act, words) => {
  const group = program
    .command('schedule')
    .summary('make jobs by cron rules: create, list, show, pause, …')
    .description('Makes jobs by cron rules that are kept in the store, and steers them.')
    .helpGroup('Schedules:');
  // They are many, and `run` is to start at once.
  if (words !== undefined && !words.includes(group.name())) return;
  for (const add of [addCreateSchedule, addListSchedules, addShowSchedule, addSteerSchedules]) {
    add(group, act);
  }
};
