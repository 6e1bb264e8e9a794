// Who may do what in Google Cloud: these rights and no others, and no secret in Terraform's hands.
import { expect, test } from '@jest/globals';
import { files, ofType, only, resource, resources, stringsIn, variable } from './hcl_gcp.ts';

const text = Object.values(files).join('\n');

const rightsOf = (account: string) =>
  resources
    .filter(({ attributes }) => attributes.member === `google_service_account.${account}.member`)
    .map(({ labels, attributes }) => [labels[0], stringsIn(attributes.role!)[0]])
    .toSorted();

const sorted = (rows: string[][]) => rows.toSorted();

test('the account that wakes a drain may call the functions, and nothing else', () => {
  expect(rightsOf('invoker')).toEqual([
    ['google_cloud_run_v2_service_iam_member', 'roles/run.invoker'],
  ]);
  const { attributes } = resource('google_cloud_run_v2_service_iam_member', 'invoker');
  expect(attributes).toMatchObject({
    for_each: 'google_cloudfunctions2_function.drain',
    name: 'each.value.name',
  });
});

test('the account that runs a drain may read the named secrets, and nothing else', () => {
  expect(rightsOf('drain')).toEqual([
    ['google_secret_manager_secret_iam_member', 'roles/secretmanager.secretAccessor'],
  ]);
  const { attributes } = resource('google_secret_manager_secret_iam_member', 'drain');
  expect(attributes).toMatchObject({
    for_each: 'data.google_secret_manager_secret.used',
    secret_id: 'each.value.id',
  });
});

test('the account that runs the API may read the store’s secret and its own keys, and nothing else', () => {
  expect(rightsOf('api')).toEqual([
    ['google_secret_manager_secret_iam_member', 'roles/secretmanager.secretAccessor'],
  ]);
  expect(resource('google_secret_manager_secret_iam_member', 'api').attributes).toMatchObject({
    for_each: 'data.google_secret_manager_secret.api',
    secret_id: 'each.value.id',
  });
  const used = ofType('data').find(({ labels }) => labels[1] === 'api');
  expect(used?.attributes.for_each).toBe('toset(values(local.api_secrets))');
});

test('nobody is let through to the API but those who are named, by default nobody', () => {
  const { attributes } = resource('google_cloud_run_v2_service_iam_member', 'api_callers');
  expect(attributes).toMatchObject({
    for_each: 'var.api_keys_secret_id == null ? [] : var.api_callers',
    role: '"roles/run.invoker"',
    member: 'each.value',
  });
  expect(variable('api_callers').attributes.default).toBe('[]');
});

test('the account that builds may read the sources of functions, keep their images and write its log', () => {
  expect(rightsOf('build')).toEqual(
    sorted([
      ['google_artifact_registry_repository_iam_member', 'roles/artifactregistry.writer'],
      ['google_project_iam_member', 'roles/logging.logWriter'],
      ['google_project_iam_member', 'roles/storage.objectViewer'],
      ['google_storage_bucket_iam_member', 'roles/storage.objectViewer'],
    ]),
  );
  const copies = only(resource('google_project_iam_member', 'build_copies'), 'condition');
  expect(copies.attributes.expression).toContain(
    'startsWith(\\"projects/_/buckets/gcf-v2-sources-',
  );
});

test('nobody else gets a right, and no policy of others is overwritten', () => {
  const grants = resources.filter(({ labels }) => /_iam_|_acl$|_access_/.test(labels[0]!));
  expect(grants).toHaveLength(8);
  for (const { labels, attributes } of grants) {
    expect(labels[0]).toMatch(/_iam_member$/);
    if (labels[1] === 'api_callers') continue;
    expect(attributes.member).toMatch(/^google_service_account\.\w+\.member$/);
  }
  expect(JSON.stringify(resources)).not.toContain('allUsers');
  expect(text).not.toMatch(/allAuthenticatedUsers|roles\/(owner|editor|viewer)/);
});

test('each function runs as an account of its own making, never as that of Compute Engine', () => {
  for (const name of ['drain', 'api']) {
    const fn = resource('google_cloudfunctions2_function', name);
    expect(only(fn, 'service_config').attributes.service_account_email).toBe(
      `google_service_account.${name}.email`,
    );
    expect(only(fn, 'build_config').attributes.service_account).toBe(
      'google_service_account.build.id',
    );
  }
});

test('nothing waits for less than all rights of the build and the secrets', () => {
  const { attributes } = resource('time_sleep');
  for (const { labels } of resources.filter((each) => /_iam_member$/.test(each.labels[0]!))) {
    const ofCallers = labels[0] === 'google_cloud_run_v2_service_iam_member';
    if (!ofCallers) expect(attributes.depends_on).toContain(labels.join('.'));
  }
  for (const name of ['drain', 'api']) {
    const fn = resource('google_cloudfunctions2_function', name);
    expect(fn.attributes.depends_on).toContain('time_sleep.rights_are_known');
  }
  expect(resource('google_cloud_scheduler_job').attributes.depends_on).toContain(
    'google_cloud_run_v2_service_iam_member.invoker',
  );
});

test('the value of a secret is never made, read or written down by Terraform', () => {
  expect(text).not.toMatch(/secret_manager_secret_version|secret_data|random_password/);
  expect(text).not.toMatch(/postgres(ql)?:\/\/|sb_secret_|eyJ[A-Za-z0-9]|BEGIN [A-Z ]*PRIVATE KEY/);
  expect(resources.filter(({ labels }) => labels[0] === 'google_secret_manager_secret')).toEqual(
    [],
  );
});

test('the bucket of the source cannot be opened to the public, object by object or as a whole', () => {
  expect(resource('google_storage_bucket').attributes).toMatchObject({
    uniform_bucket_level_access: 'true',
    public_access_prevention: '"enforced"',
  });
});
