// What wakes the function, and the APIs of Google Cloud all this needs.
import { describe, expect, test } from '@jest/globals';
import { ofType, only, resource, resources, stringsIn } from './hcl_gcp.ts';
import { inside } from './hcl_module.ts';

describe('the schedule', () => {
  const job = resource('google_cloud_scheduler_job');

  test('calls the function with a token made for it, and with no other', () => {
    const target = only(job, 'http_target');
    expect(target.attributes.http_method).toBe('"POST"');
    expect(only(target, 'oidc_token').attributes).toEqual({
      service_account_email: 'google_service_account.invoker.email',
      audience: target.attributes.uri,
    });
    expect(inside(target, 'oauth_token')).toEqual([]);
  });

  test('tries again within its limits, and waits as long as the function may take', () => {
    expect(job.attributes.attempt_deadline).toBe('local.attempt_deadline');
    const retries = Number(only(job, 'retry_config').attributes.retry_count);
    expect(retries).toBeGreaterThanOrEqual(1);
    expect(retries).toBeLessThanOrEqual(5);
  });
});

test('every API that a resource needs is turned on before, and stays on after', () => {
  const api: Record<string, string> = {
    artifact: 'artifactregistry',
    cloud_run: 'run',
    cloud_scheduler: 'cloudscheduler',
    cloudfunctions2: 'cloudfunctions',
    project_iam: 'cloudresourcemanager',
    secret_manager: 'secretmanager',
    service_account: 'iam',
    storage: 'storage',
  };
  const on = stringsIn(ofType('locals')[0]!.attributes.apis!).map((name) =>
    name.replace(/\.googleapis\.com$/, ''),
  );
  const types = resources.map(({ labels }) => labels[0]!).filter((type) => /^google_/.test(type));
  for (const type of types.filter((each) => each !== 'google_project_service')) {
    const [, needed] =
      Object.entries(api).find(([part]) => type.startsWith(`google_${part}`)) ?? [];
    expect([type, on]).toEqual([type, expect.arrayContaining([needed])]);
  }
  expect(on).toEqual(expect.arrayContaining(['cloudbuild', 'eventarc', 'pubsub']));
  expect(resource('google_project_service').attributes.disable_on_destroy).toBe('false');
  const first = ['google_storage_bucket', 'google_artifact_registry_repository'];
  for (const { labels, attributes } of resources) {
    if (!first.includes(labels[0]!) && labels[0] !== 'google_service_account') continue;
    expect(attributes.depends_on).toBe('[google_project_service.needed]');
  }
});
