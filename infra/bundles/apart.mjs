// Parts of a bundle in files of their own beside it, read only by those who use them.
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('../../src/', import.meta.url));

/**
 * `parts` maps what is imported, mostly a package, to a file beside the bundle. A module of its own
 * between the two makes `import()` a `require` of the file: faster, and what code from compiled form may do.
 */
export const apart = (parts) => ({
  name: 'apart',
  setup: ({ onResolve, onLoad }) => {
    // Asked for by this project's own files only: others may want more of it, or another version.
    onResolve({ filter: /./ }, ({ path, importer }) =>
      path in parts && importer.startsWith(own) ? { path, namespace: 'apart' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'apart' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(parts[path])})`,
    }));
    const files = Object.values(parts);
    onResolve({ filter: /^\.\// }, ({ path }) =>
      files.includes(path) ? { path, external: true } : undefined,
    );
  },
});
