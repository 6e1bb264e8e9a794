// The API as Terraform makes it, against the code that is deployed and the settings it reads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { settingKeys, settingRow } from '../../src/settings/table.ts';
import { root } from '../structure/source.ts';
import { ofType, only, resource, stringsIn, variable } from './hcl_gcp.ts';

const api = resource('google_cloudfunctions2_function', 'api');
const build = only(api, 'build_config');
const config = only(api, 'service_config').attributes;

test('it is entered where its code has its door, which the builder’s one file opens', async () => {
  const source = readFileSync(join(root, 'handlers/gcp/http.ts'), 'utf8');
  expect(source).toContain(`http(${build.attributes.entry_point?.replaceAll('"', "'")},`);
  const { filesBeside } = await import(join(root, 'infra/bundles/functions.mjs'));
  const files: Record<string, string> = filesBeside({});
  const { main } = JSON.parse(files['functions/gcp/postgres/package.json']!);
  expect(files[`functions/gcp/postgres/${main}`]).toContain(
    `FUNCTION_TARGET === ${build.attributes.entry_point?.replaceAll('"', "'")} ? './http.cjs'`,
  );
});

test('it is built of the same code, for the same Node, as the drain', () => {
  const drain = only(resource('google_cloudfunctions2_function', 'drain'), 'build_config');
  expect(only(build, 'source', 'storage_source')).toEqual(only(drain, 'source', 'storage_source'));
  expect(build.attributes.runtime).toBe(drain.attributes.runtime);
});

test('it is made only with keys, which come from Secret Manager', () => {
  expect(api.attributes.count).toBe('var.api_keys_secret_id == null ? 0 : 1');
  const dynamic = only(api, 'service_config').blocks.find(({ type }) => type === 'dynamic')!;
  expect(dynamic.attributes.for_each).toBe('local.api_secrets');
  expect(ofType('locals')[0]!.attributes.api_secrets).toMatch(
    /API_KEYS\s+= var\.api_keys_secret_id/,
  );
});

test('a process of it answers many at once, for which the platform asks a whole CPU', () => {
  expect(config).toMatchObject({ max_instance_request_concurrency: '80', available_cpu: '"1"' });
  expect(config.max_instance_count).toBe('var.api_max_instance_count');
  expect(config.ingress_settings).toBe('"ALLOW_ALL"');
});

test('its own settings are those of the API that are no secret', () => {
  const [check] = variable('api_settings').blocks;
  const names = stringsIn(check!.attributes.condition!);
  const rows = settingKeys.map(settingRow);
  const open = rows.filter(({ secret }) => !secret).map(({ env }) => env);
  expect(names.filter((name) => !open.includes(name))).toEqual([]);
  expect(names).toHaveLength(3);
});
