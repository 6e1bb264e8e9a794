// `serverless package`: what would be deployed, made without an account, without a network.
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from '../cli/bundle.ts';
import { killAll } from '../crash/launch.ts';
import { root } from '../structure/source.ts';
import { tempFolder } from '../support/temp.ts';
import { serverless } from './hosts/serverless.ts';
import { namesInZip } from './zip.ts';

beforeAll(build);
afterAll(killAll);

type FunctionName = 'JobRunner' | 'Api';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/**
 * In a copy of the project, since the command line builds its package in a folder of the project first;
 * `change` may rewrite serverless.yml. The home has nobody's credentials.
 */
const packageWith = async (env: Record<string, string>, change = (text: string) => text) => {
  const cwd = tempFolder();
  const file = readFileSync(join(root, 'serverless.yml'), 'utf8');
  writeFileSync(join(cwd, 'serverless.yml'), change(file));
  symlinkSync(join(root, 'infra'), join(cwd, 'infra'));
  const functions = 'dist/functions/aws';
  cpSync(join(root, functions), join(cwd, functions), { recursive: true });
  const folder = join(cwd, 'package');
  const home = { HOME: tempFolder() };
  const run = serverless(['package', '--package', folder], { cwd, env: { ...home, ...env } });
  return { folder, ...(await run.ended) };
};

const packaged = async (env: Record<string, string>) => {
  const { folder, code, stdout, stderr } = await packageWith(env);
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  const text = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const resources: Record<string, Resource> = JSON.parse(text).Resources;
  const all = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const only = (type: string) => {
    const found = all(type);
    expect(found).toHaveLength(1);
    return found[0]!.Properties;
  };
  const lambda = (name: FunctionName) => resources[`${name}LambdaFunction`]!.Properties;
  const zip = (name: string) => namesInZip(readFileSync(join(folder, `${name}.zip`))).toSorted();
  return { text, all, only, lambda, zip };
};

const shipped = (...names: string[]) => names.map((name) => `dist/functions/aws/supabase/${name}`);

// One after the other: the first may have to compile the command line's schema for all.
describe('the package', () => {
  test('is a function of one store that a schedule wakes, and of which failures are kept', async () => {
    const { all, only, lambda, zip } = await packaged({});
    expect(zip('jobRunner')).toEqual(shipped('drain.cjs', 'drain.cjs.map', 'yaml.cjs'));
    expect(lambda('JobRunner')).toMatchObject({
      Handler: 'dist/functions/aws/supabase/drain.handler',
      Runtime: 'nodejs22.x',
      Timeout: 900,
      MemorySize: 512,
      Environment: { Variables: {} },
    });
    expect(lambda('JobRunner')).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(only('AWS::Events::Rule')).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
    });
    const logs = all('AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays);
    expect(logs).toEqual([30, 30]);
    const queue = { 'Fn::GetAtt': ['JobRunnerFailures', 'Arn'] };
    expect(only('AWS::Lambda::EventInvokeConfig')).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: queue } },
      MaximumRetryAttempts: 1,
    });
    expect(only('AWS::SQS::Queue')).toMatchObject({ SqsManagedSseEnabled: true });

    // The API, of which the schedule knows nothing.
    const files = ['dashboard.cjs', 'http.cjs', 'http.cjs.map', 'prom.cjs', 'yaml.cjs'];
    expect(zip('api')).toEqual(shipped(...files));
    expect(lambda('Api')).toMatchObject({
      Handler: 'dist/functions/aws/supabase/http.stream',
      Runtime: 'nodejs22.x',
      Timeout: 60,
      Environment: { Variables: {} },
    });
    expect(only('AWS::Lambda::Url')).toMatchObject({
      AuthType: 'NONE',
      InvokeMode: 'RESPONSE_STREAM',
      TargetFunctionArn: { 'Fn::GetAtt': ['ApiLambdaFunction', 'Arn'] },
    });
  }, 60_000);

  test('passes on the settings of each function, and nothing else', async () => {
    const settings = {
      DATABASE_URL: 'postgres://user:word@db.example.com/jobs',
      JOB_MAX_JOBS: '7',
      HTTP_REQUEST_SECRETS: 'MY_TOKEN',
      MY_TOKEN: 'a-token',
    };
    const others = { JOB_INSTANCE_ID: 'me', SUPABASE_DB_URL: 'postgres://x', OWN: 'not-yours' };
    const ofApi = { API_KEYS: 'app:write:a-key-of-twenty-characters', TRUSTED_PROXIES: '1' };
    const own = { JOB_RUNNER_CONCURRENCY: '3', JOB_RUNNER_API_CONCURRENCY: '20' };
    const { text, lambda, zip } = await packaged({ ...settings, ...ofApi, ...others, ...own });
    expect(lambda('JobRunner')).toMatchObject({
      Handler: 'dist/functions/aws/postgres/drain.handler',
      ReservedConcurrentExecutions: 3,
    });
    expect(lambda('JobRunner').Environment).toEqual({ Variables: settings });
    expect(lambda('Api')).toMatchObject({
      Handler: 'dist/functions/aws/postgres/http.stream',
      ReservedConcurrentExecutions: 20,
    });
    expect(lambda('Api').Environment).toEqual({ Variables: { ...settings, ...ofApi } });
    expect(text).not.toContain('not-yours');
    const names = [...zip('jobRunner'), ...zip('api')];
    expect(names.every((name) => name.startsWith('dist/functions/aws/postgres/'))).toBe(true);
  }, 60_000);

  test('is not made of a file with a slip of the pen, which is named', async () => {
    const slip = (text: string) => text.replace('memorySize:', 'memorySise:');
    const { code, stdout, stderr } = await packageWith({}, slip);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('memorySise');
  }, 60_000);

  test('is not made for a file, which is gone with its instance', async () => {
    const { code, stdout, stderr } = await packageWith({ DATABASE_URL: 'sqlite:./jobs.db' });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(
      'DATABASE_URL names no store that a Lambda function can reach',
    );
  }, 60_000);
});
