// Bundles the programs that tests run as processes of their own; plain Node reads no TypeScript.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from '../structure/source.ts';

export interface Programs {
  /** an instance that takes orders: child.ts */
  child: string;
  /** job types for `cloud-jobs --jobs`: cli_jobs.ts */
  jobs: string;
  /** the command line as it is shipped */
  cli: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Below dist/, so that packages are found from there. */
export const bundlePrograms = async (): Promise<Programs & { remove(): void }> => {
  const outdir = join(root, 'dist/.run', `crash-${randomUUID()}`);
  const remove = () => rmSync(outdir, { recursive: true, force: true });
  process.once('exit', remove);
  await build({
    entryPoints: [here('./child.ts'), here('./cli_jobs.ts')],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    external: ['libsql'],
    minifySyntax: true,
    logLevel: 'warning',
  });
  return {
    child: join(outdir, 'child.mjs'),
    jobs: join(outdir, 'cli_jobs.mjs'),
    cli: join(root, 'dist/cloud-jobs.cjs'),
    remove,
  };
};
