// Kubernetes' own schema, and what it leaves open: fields it does not know, which the cluster refuses.
import { Deployment } from 'kubernetes-models/apps/v1';
import { CronJob, Job } from 'kubernetes-models/batch/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';

const kinds = { CronJob, Deployment, Job, PodDisruptionBudget, Service };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The value, noting the path of every field that is looked at. */
const watched = <Value extends object>(value: Value, path: string, seen: Set<string>): Value =>
  new Proxy(value, {
    get: (target, key, receiver) => {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return found;
      seen.add(`${path}/${key}`);
      return isObject(found) ? watched(found, `${path}/${key}`, seen) : found;
    },
  });

const pathsOf = (value: object, path: string): string[] =>
  Object.entries(value).flatMap(([key, inner]) => {
    const own = `${path}/${key}`;
    return isObject(inner) ? [own, ...pathsOf(inner, own)] : [own];
  });

/**
 * What is wrong with a manifest: all the faults that the schema finds, then the fields that it did
 * not so much as look at, because it has none of that name.
 */
export const schemaFaults = (manifest: { apiVersion: string; kind: string }): string[] => {
  const { apiVersion, kind } = manifest;
  const Model = kinds[kind as keyof typeof kinds];
  if (Model === undefined || Model.apiVersion !== apiVersion) {
    return [`${apiVersion} has no ${kind} here`];
  }
  const seen = new Set<string>();
  try {
    // A model of its own making would be a copy, whose fields nobody watches.
    Model.prototype.validate.call(watched(manifest, '', seen));
  } catch (error) {
    return [(error as Error).message];
  }
  return pathsOf(manifest, '')
    .filter((path) => !seen.has(path))
    .map((path) => `${kind} has no field ${path}`);
};
