// The function as Terraform makes it, against the code that is deployed and the settings it reads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { settingKeys, settingRow } from '../../src/settings/table.ts';
import { root } from '../structure/source.ts';
import { ofType, only, resource, stringsIn, variable } from './hcl_gcp.ts';

const locals = ofType('locals')[0]!.attributes;
const fn = resource('google_cloudfunctions2_function', 'drain');
const config = only(fn, 'service_config');
const rows = settingKeys.map(settingRow);
const known = rows.map(({ env }) => env);

const assigned = (expression: string, name: string): string[] =>
  [...expression.matchAll(new RegExp(`\\b${name}\\s*= (\\S+)`, 'g'))].map(([, value]) => value!);

describe('the function', () => {
  test('is entered where the code that is deployed has its doors', () => {
    const source = readFileSync(join(root, 'handlers/gcp/drain.ts'), 'utf8');
    const doors = [...source.matchAll(/^(?:http|cloudEvent)\('(\w+)'/gm)].map(([, name]) => name);
    expect(assigned(locals.functions!, 'entry_point').flatMap(stringsIn)).toEqual(doors);
    expect(only(fn, 'build_config').attributes.entry_point).toBe('each.value.entry_point');
  });

  test('runs on a Node that the package supports', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const oldest = Number(/\d+/.exec(engines.node)![0]);
    const runtime = stringsIn(only(fn, 'build_config').attributes.runtime!)[0]!;
    expect(Number(/^nodejs(\d+)$/.exec(runtime)![1])).toBeGreaterThanOrEqual(oldest);
  });

  test('is told to end a drain when the platform would', () => {
    expect(config.attributes.timeout_seconds).toBe('each.value.timeout_seconds');
    expect(assigned(config.attributes.environment_variables!, 'JOB_DEADLINE')).toEqual([
      'tostring(each.value.timeout_seconds)',
    ]);
  });

  test('drains once at a time in a process, in as many processes as are allowed', () => {
    expect(config.attributes).toMatchObject({
      max_instance_request_concurrency: '1',
      max_instance_count: 'var.max_instance_count',
    });
  });

  test('is open to the same project alone, by the address for which that is so', () => {
    expect(config.attributes.ingress_settings).toBe('"ALLOW_INTERNAL_ONLY"');
    const { uri } = only(resource('google_cloud_scheduler_job'), 'http_target').attributes;
    expect(uri).toBe('google_cloudfunctions2_function.drain["tick"].service_config[0].uri');
  });

  test('gets its secrets from Secret Manager, in their newest version', () => {
    expect(only(config, 'secret_environment_variables').attributes).toEqual({
      key: 'secret_environment_variables.key',
      project_id: 'var.project_id',
      secret: 'secret_environment_variables.value',
      version: '"latest"',
    });
    const dynamic = config.blocks.find(({ type }) => type === 'dynamic')!;
    expect(dynamic.attributes.for_each).toBe('local.secrets');
  });

  test('gets settings that exist: plain those without a secret, the others as secrets', () => {
    const secret = stringsIn(locals.store_secret!).filter((text) => text !== 'supabase');
    const plain = [locals.settings!, config.attributes.environment_variables!]
      .flatMap((expression) => [...expression.matchAll(/\b([A-Z][A-Z_]+)\s*=/g)])
      .map(([, name]) => name!);
    expect(secret).toHaveLength(2);
    expect(plain).toHaveLength(3);
    expect([...secret, ...plain].filter((name) => !known.includes(name))).toEqual([]);
    const secrets = rows.filter((row) => row.secret).map(({ env }) => env);
    expect(secret.filter((name) => !secrets.includes(name))).toEqual([]);
    expect(plain.filter((name) => secrets.includes(name))).toEqual([]);
  });

  test('refuses every secret setting, and every one it sets itself, among the plain ones', () => {
    const refused = variable('settings').blocks.flatMap((each) =>
      stringsIn(each.attributes.condition!).filter((text) => /^[A-Z_]+$/.test(text)),
    );
    const secrets = rows.filter((row) => row.secret).map(({ env }) => env);
    const own = ['SUPABASE_URL', 'JOB_DEADLINE', 'LOG_LEVEL'];
    expect(refused.toSorted()).toEqual([...secrets, ...own].toSorted());
  });

  test('is built anew exactly when its code has changed', () => {
    expect(resource('google_storage_bucket_object').attributes).toMatchObject({
      name: '"drain-${data.archive_file.source.output_sha256}.zip"',
      source: 'data.archive_file.source.output_path',
    });
    expect(only(fn, 'build_config', 'source', 'storage_source').attributes.object).toBe(
      'google_storage_bucket_object.source.name',
    );
  });

  test('is woken by messages only where there is a topic, with the type that its code expects', () => {
    const trigger = only(fn, 'event_trigger').attributes;
    const source = readFileSync(join(root, 'handlers/gcp/event.ts'), 'utf8');
    expect(source).toContain(`'${stringsIn(trigger.event_type!)[0]}'`);
    expect(trigger).toMatchObject({
      service_account_email: 'google_service_account.invoker.email',
      retry_policy: '"RETRY_POLICY_DO_NOT_RETRY"',
    });
    const dynamic = fn.blocks.find(({ type }) => type === 'dynamic')!;
    expect(dynamic.attributes.for_each).toBe('each.value.topic == null ? [] : [each.value.topic]');
  });
});
