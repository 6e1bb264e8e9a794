// The Kubernetes manifests: valid, confined, and in agreement with the program and with each other.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { settingKeys, settingRow } from '../../src/settings/table.ts';
import { root } from '../structure/source.ts';
import { image, only } from './dockerfile.ts';
import * as k8s from './manifests.ts';
import { schemaFaults } from './schema.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const pods = k8s.workloads.map((each) => ({ kind: each.kind, ...k8s.templateOf(each).spec }));
const deployments = k8s.manifests.filter(({ kind }) => kind === 'Deployment');

describe('the manifests', () => {
  test('are those of the folder, each applied by one kustomization', () => {
    const named = k8s.parts.flatMap(k8s.filesOf);
    const there = readdirSync(join(root, k8s.folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(k8s.folder, name))
      .filter((name) => name.endsWith('.yaml') && !name.endsWith('kustomization.yaml'));
    expect(named.toSorted()).toEqual(there.toSorted());
    for (const part of k8s.parts) {
      const { resources, ...rest } = k8s.kustomization(part);
      expect(rest).toEqual({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
      });
      expect(resources).not.toEqual([]);
    }
  });

  test.each(k8s.manifests.map((each) => [`${each.kind} ${each.metadata.name}`, each] as const))(
    'the %s has no fault that the schema of Kubernetes knows, and no unknown field',
    (_kind, manifest) => {
      expect(schemaFaults(manifest)).toEqual([]);
    },
  );

  test('the schema tells of a wrong type, a missing field and a misspelt one', () => {
    const cron = k8s.manifest('CronJob');
    const spec = (change: object) => ({ ...cron, spec: { ...cron.spec, ...change } });
    expect(schemaFaults(spec({ schedule: 5 }))).toEqual([
      expect.stringContaining('schedule must be string'),
    ]);
    expect(schemaFaults(spec({ jobTemplate: undefined }))).toHaveLength(1);
    expect(schemaFaults(spec({ concurencyPolicy: 'Allow' }))).toEqual([
      'CronJob has no field /spec/concurencyPolicy',
    ]);
    expect(schemaFaults({ ...cron, apiVersion: 'batch/v1beta1' })).toHaveLength(1);
  });

  test('have names of their own, and say which version they are of', () => {
    const names = k8s.manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { metadata } of k8s.workloads) {
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/version': version });
    }
    // A Job cannot be changed: the next version needs another one.
    const init = k8s.manifest('Job').metadata.name;
    expect(init).toBe(`cloud-jobs-init-${version.replaceAll('.', '-')}`);
  });

  test('use one image and one secret, neither of which is kept here', () => {
    const images = k8s.containers.map(({ image }) => image);
    expect([...new Set(images)]).toEqual([`cloud-jobs:${version}`]);
    const secrets = k8s.containers.map(({ envFrom }) => envFrom);
    expect(secrets).toEqual(k8s.containers.map(() => [{ secretRef: { name: 'cloud-jobs' } }]));
  });

  test('set only variables that are settings and no secrets', () => {
    const plain = settingKeys.map(settingRow).filter(({ secret }) => secret === undefined);
    const names = plain.map(({ env }) => env);
    for (const { variables } of k8s.containers) {
      expect(names).toEqual(expect.arrayContaining(Object.keys(variables)));
    }
  });

  test('confine every pod as far as the restricted policy of Kubernetes asks, and further', () => {
    const [uid, gid] = only('USER').words.join('').split(':').map(Number);
    for (const pod of pods) {
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: gid,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { securityContext } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });

  test('ask for what a pod needs and bound its memory', () => {
    const mebibytes = (text = '') => Number(/^(\d+)Mi$/.exec(text)?.[1]);
    for (const { resources } of k8s.containers) {
      const { requests, limits } = resources;
      expect(requests.cpu).toMatch(/^\d+m$/);
      expect(mebibytes(requests.memory)).toBeGreaterThanOrEqual(128);
      expect(mebibytes(limits.memory)).toBeGreaterThan(mebibytes(requests.memory));
    }
  });

  test('give jobs one folder to write to: the one that the image starts in', () => {
    const home = image.instructions.findLast(({ name }) => name === 'WORKDIR')!.words.join('');
    const executing = pods.filter(({ containers }) => {
      return containers.some(({ args }) => args.includes('run') || args.includes('work'));
    });
    expect(executing).toHaveLength(2);
    for (const pod of executing) {
      expect(pod.volumes?.map(({ name }) => name)).toEqual(['files']);
      const mounts = pod.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []);
      expect(mounts).toEqual([{ name: 'files', mountPath: home }]);
    }
  });
});

describe('the CronJob', () => {
  const { spec } = k8s.manifest('CronJob');
  const job = spec.jobTemplate.spec;
  const { variables } = k8s.containers.find(({ kind }) => kind === 'CronJob')!;
  const deadline = Number(variables.JOB_DEADLINE);
  const period = 60 * Number(/^\*\/(\d+) \* \* \* \*$/.exec(spec.schedule)?.[1]);

  test('starts every five minutes of a zone, and not late', () => {
    expect(period).toBe(300);
    expect(() => new Intl.DateTimeFormat('en', { timeZone: spec.timeZone })).not.toThrow();
    expect(spec.startingDeadlineSeconds).toBeLessThan(period);
    // Less than the ten seconds in which the controller looks, and it would never start.
    expect(spec.startingDeadlineSeconds).toBeGreaterThan(10);
  });

  test('lets a drain end by itself well before Kubernetes ends it', () => {
    const grace = job.template.spec.terminationGracePeriodSeconds;
    expect(deadline + grace).toBeLessThan(job.activeDeadlineSeconds);
    expect(job.activeDeadlineSeconds - deadline).toBeGreaterThanOrEqual(120);
  });

  test('bounds how many drains there are at once by the deadline alone', () => {
    expect(spec.concurrencyPolicy).toBe('Allow');
    expect(Math.ceil(job.activeDeadlineSeconds / period)).toBe(4);
  });

  test('lets the job of a pod that vanished be picked again by the next drain', () => {
    expect(60 * Number(variables.JOB_LOCK_DURATION)).toBeLessThan(period);
  });

  test('leaves retries to the store, and few pods behind', () => {
    expect(job.backoffLimit).toBe(0);
    expect(job.template.spec.restartPolicy).toBe('Never');
    expect(spec).toMatchObject({ successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3 });
    expect(job.ttlSecondsAfterFinished).toBe(86400);
  });
});

describe('the Job for the tables', () => {
  test('is tried again, unless the settings are wrong', () => {
    const { spec } = k8s.manifest('Job');
    expect(spec.backoffLimit).toBeGreaterThan(0);
    const [container] = spec.template.spec.containers;
    const onExitCodes = { containerName: container.name, operator: 'In', values: [2] };
    expect(spec.podFailurePolicy.rules).toEqual([{ action: 'FailJob', onExitCodes }]);
    // What Kubernetes asks of a pod whose exit codes are looked at.
    expect(spec.template.spec.restartPolicy).toBe('Never');
  });
});

describe.each(deployments.map((each) => [each.metadata.name, each] as const))(
  'the Deployment %s',
  (_name, { spec, metadata }) => {
    const component = metadata.labels['app.kubernetes.io/component']!;
    const budget = k8s.manifest('PodDisruptionBudget', component).spec;

    test('is replaced without going below its number', () => {
      expect(spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
      expect(spec.replicas).toBeGreaterThan(budget.maxUnavailable);
    });

    test('selects its own pods, as does the budget for their disruption', () => {
      const { labels } = spec.template.metadata;
      expect(labels).toEqual({
        'app.kubernetes.io/name': 'cloud-jobs',
        'app.kubernetes.io/component': component,
      });
      expect(spec.selector.matchLabels).toEqual(labels);
      expect(budget.selector.matchLabels).toEqual(labels);
      const [spread] = spec.template.spec.topologySpreadConstraints;
      expect(spread.labelSelector.matchLabels).toEqual(labels);
      const others = k8s.workloads.filter((other) => other.metadata.name !== metadata.name);
      expect(others).toHaveLength(k8s.workloads.length - 1);
      for (const other of others) expect(k8s.templateOf(other).metadata).not.toEqual({ labels });
    });
  },
);

describe('the API', () => {
  const { spec } = k8s.manifest('Deployment', 'serve');
  const service = k8s.manifest('Service').spec;
  const [container] = k8s.containers.filter(({ component }) => component === 'serve');
  const { ports, variables, readinessProbe, livenessProbe, lifecycle } = container!;

  test('listens for the whole cluster on the port that it says, and the Service leads there', () => {
    expect(ports).toEqual([{ name: 'http', containerPort: Number(variables.PORT) }]);
    expect(variables.HTTP_HOST).toBe('0.0.0.0');
    expect(service.selector).toEqual(spec.selector.matchLabels);
    expect(service.ports.map(({ targetPort }: { targetPort: string }) => targetPort)).toEqual([
      'http',
    ]);
    // What lets in strangers is for the owner of the cluster to set up.
    expect(service.type).toBe('ClusterIP');
  });

  test('is sent nothing while it has no store, but is restarted only when it answers nothing', () => {
    expect(readinessProbe?.httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(livenessProbe?.httpGet).toEqual({ path: '/', port: 'http' });
  });

  test('has time to leave: a pause, then what is under way', () => {
    const [sleep, pause] = lifecycle?.preStop.exec.command ?? [];
    expect(sleep).toBe('sleep');
    const { terminationGracePeriodSeconds = 0 } = k8s.templateOf(
      k8s.manifest('Deployment', 'serve'),
    ).spec;
    expect(Number(pause) + 10).toBeLessThan(terminationGracePeriodSeconds);
  });
});
