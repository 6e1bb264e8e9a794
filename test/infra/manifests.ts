// The manifests of infra/k8s as `kubectl apply -k` would send them, and the pods they make.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../structure/source.ts';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: as free as the kind says; the schema has checked it
  spec: any;
}

interface Container {
  name: string;
  image: string;
  args: string[];
  ports?: { name: string; containerPort: number }[];
  env?: { name: string; value: string }[];
  envFrom: { secretRef: { name: string } }[];
  securityContext: unknown;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts?: { name: string; mountPath: string }[];
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: { preStop: { exec: { command: string[] } } };
}

interface Probe {
  httpGet: { path: string; port: string };
}

interface Pod {
  restartPolicy?: string;
  automountServiceAccountToken: boolean;
  terminationGracePeriodSeconds?: number;
  securityContext: unknown;
  containers: Container[];
  volumes?: { name: string }[];
}

export const folder = 'infra/k8s';
/** What may be applied by itself. */
export const parts = [folder, `${folder}/work`, `${folder}/serve`];

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export interface Kustomization {
  apiVersion: string;
  kind: string;
  resources: string[];
}

export const kustomization = (part: string): Kustomization =>
  parse(read(join(part, 'kustomization.yaml')), { strict: true, uniqueKeys: true });

/** The files a kustomization names. */
export const filesOf = (part: string): string[] =>
  kustomization(part).resources.map((name) => join(part, name));

const manifestsIn = (file: string): Manifest[] =>
  parseAllDocuments(read(file), { strict: true, uniqueKeys: true }).map((document) => {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw new Error(`${file}: ${fault.message}`);
    return document.toJS() as Manifest;
  });

export const manifests: Manifest[] = parts.flatMap(filesOf).flatMap(manifestsIn);

const componentOf = ({ metadata }: Manifest): string =>
  metadata.labels['app.kubernetes.io/component'] ?? '';

/** `component` where there are several of a kind. */
export const manifest = (kind: string, component?: string): Manifest => {
  const found = manifests.filter(
    (each) => each.kind === kind && [undefined, componentOf(each)].includes(component),
  );
  if (found.length !== 1) throw new Error(`${found.length} manifests of kind ${kind}, not one`);
  return found[0]!;
};

/** The pod's template of a CronJob, a Job or a Deployment. */
export const templateOf = ({ kind, spec }: Manifest): { metadata: object; spec: Pod } =>
  kind === 'CronJob' ? spec.jobTemplate.spec.template : spec.template;

/** Every manifest that makes pods. */
export const workloads = manifests.filter(
  ({ kind }) => kind !== 'PodDisruptionBudget' && kind !== 'Service',
);

/** Their containers with the variables that stand in the manifest itself. */
export const containers = workloads.flatMap((each) =>
  templateOf(each).spec.containers.map((container) => ({
    kind: each.kind,
    component: componentOf(each),
    ...container,
    variables: Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value])),
  })),
);
