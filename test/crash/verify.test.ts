// The judge of the crash tests sees every kind of damage it is there for.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import Driver from 'libsql';
import { tempFolder } from '../support/temp.ts';
import { createSteps, drainHere } from './kill_round.ts';
import { rules } from './rules.ts';
import { violations } from './verify.ts';
import { createWorld, type World } from './world.ts';

let world: World;
let jobIds: string[];

beforeEach(async () => {
  world = await createWorld(tempFolder());
  jobIds = await createSteps(world, 2);
  await drainHere(world);
});

/** Changes the database in a way that the store never would. */
const damage = (sql: string): void => {
  const driver = new Driver(world.path);
  driver.exec(`PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; ${sql}`);
  driver.close();
};

const COPY = `
  INSERT INTO cloud_job_events (job_id, event_id, execution_id, at, kind, data)
  SELECT job_id, event_id + 1000, execution_id, at, kind, data FROM cloud_job_events`;
const ORPHAN = `
  UPDATE cloud_job_steps SET job_id = 'nobody'
  WHERE job_id = (SELECT job_id FROM cloud_jobs WHERE seq = 1)`;
const REOPEN = "UPDATE cloud_job_executions SET status = 'running', finished_at = NULL";

/** Rule, damage in words, damage. */
const damages: [string, string, string][] = [
  ['the file is whole', 'a value no check allows', 'UPDATE cloud_jobs SET priority = 99999'],
  ['every reference leads somewhere', 'steps of nobody', ORPHAN],
  ['no execution is left open', 'an execution reopened', REOPEN],
  ['no lock is left', 'a job locked', "UPDATE cloud_jobs SET status = 'locked'"],
  ['every pick opens one execution', 'a pick without', 'UPDATE cloud_jobs SET lock_epoch = 2'],
  ['every pick is told once', 'told twice', `${COPY} WHERE data ->> 'status' = 'locked'`],
  ['the epoch only grows', 'an epoch again', `${COPY} WHERE data ->> 'status' = 'locked'`],
  [
    'every execution ends once, as it is told',
    'ended twice',
    `${COPY} WHERE data ->> 'execution_status' = 'success'`,
  ],
  [
    'every execution ends once, as it is told',
    'told otherwise',
    "UPDATE cloud_job_executions SET status = 'failed'",
  ],
  [
    'a job succeeds at most once, and at its end',
    'a success that went on',
    "UPDATE cloud_jobs SET status = 'failed'",
  ],
  [
    'a job that is a success has one',
    'a success from nowhere',
    "UPDATE cloud_job_executions SET status = 'lost'",
  ],
  [
    'a result is of the execution it stands with',
    'a result of another epoch',
    'UPDATE cloud_job_executions SET lock_epoch = 2',
  ],
  [
    'retries used are executions lost or broken',
    'a retry for nothing',
    'UPDATE cloud_jobs SET current_retries = 1',
  ],
  [
    'a job that is a success has only finished steps',
    'a step that failed',
    "UPDATE cloud_job_steps SET status = 'failed'",
  ],
  ['no job is lost', 'a job deleted', 'DELETE FROM cloud_jobs WHERE seq = 1'],
  ['no job is lost', 'a job waiting', "UPDATE cloud_jobs SET status = 'waiting' WHERE seq = 1"],
  ['a status changes as it may', 'locked twice', `${COPY} WHERE data ->> 'status' = 'locked'`],
];

describe('violations', () => {
  test('are none after a drain in peace', () => {
    expect(violations(world, jobIds)).toEqual([]);
  });

  test.each(damages)('say that %s, after damage: %s', (rule, _words, sql) => {
    damage(sql);
    expect(violations(world, jobIds).filter((fault) => fault.startsWith(rule))).not.toEqual([]);
  });

  test('know no rule that is not tried above', () => {
    const tried = new Set(damages.map(([rule]) => rule));
    expect(Object.keys(rules).filter((rule) => !tried.has(rule))).toEqual([]);
  });

  test('tell of a job that nobody created', () => {
    expect(violations(world, jobIds.slice(1))).toEqual([
      'no job comes from nowhere: 1 more than created',
    ]);
  });

  test.each([
    ['an execution does each thing once', { lock_epoch: 1, what: 'step-1' }],
    ['a finished step is not run again', { lock_epoch: 2, what: 'step-1' }],
  ])('say that %s, after an effect that should not be', (rule, effect) => {
    const line = JSON.stringify({ job_id: jobIds[0], ...effect });
    appendFileSync(join(world.effects, 'other.jsonl'), `${line}\n`);
    expect(violations(world, jobIds)).toEqual([expect.stringContaining(rule)]);
  });

  test('tell of a step and of a success without their effects', () => {
    const faults = violations({ ...world, effects: tempFolder() }, jobIds).join('\n');
    expect(faults).toContain('a saved step was run by whom it names');
    expect(faults).toContain('a success came to its end');
  });
});
