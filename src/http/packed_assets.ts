// The dashboard's files as the build leaves them: beside a bundle, and for the sources in dist/.
import type { Asset, Assets } from './assets.ts';

let loaded: Promise<Record<string, Asset>> | null = null;

const load = async (): Promise<Record<string, Asset>> => {
  // No type: there is no such file before the first build. infra/bundles/dashboard.mjs makes it.
  const { default: packed } = await import('../../dist/dashboard.cjs' as string);
  return packed as Record<string, Asset>;
};

export const packedAssets: Assets = {
  get: async (path) => {
    loaded ??= load();
    const assets = await loaded;
    return Object.hasOwn(assets, path) ? assets[path] : undefined;
  },
};
