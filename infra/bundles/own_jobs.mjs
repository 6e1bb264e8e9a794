// Job types of the person's own in the cloud functions: the module that JOB_MODULE names is built in.
import { join, resolve } from 'node:path';

/** `module` is a path; null = only the shipped job types. */
export const ownJobs = (root, module) => ({
  name: 'own-jobs',
  setup: ({ onLoad, onResolve }) => {
    if (module === null) return;
    onLoad({ filter: /handlers[/\\]own_jobs\.ts$/ }, () => ({
      loader: 'ts',
      contents: `
        import * as loaded from ${JSON.stringify(resolve(root, module))};
        import { jobsIn } from ${JSON.stringify(join(root, 'src/core/exported.ts'))};
        export const ownJobs = jobsIn(loaded, ${JSON.stringify(module)}) as object;`,
    }));
    // The same copy of this package as the function's own.
    onResolve({ filter: /^cloud-jobs$/ }, () => ({ path: join(root, 'src/index.ts') }));
  },
});
