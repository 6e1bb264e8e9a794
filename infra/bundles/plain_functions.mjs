// Arrow functions made plain ones: V8 parses every arrow function of a file when it is loaded, others it
// skims until they are called, so that a function loads a quarter faster. Not left to esbuild, whose
// `this` is wrong in constructors that call `super`.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { transform } from '@swc/core';

/** For esbuild: what must be gone before, for in these it is swc whose `this` is wrong. */
export const noClassFields = {
  'class-field': false,
  'class-static-field': false,
  'class-static-blocks': false,
};

/** Rewrites a bundle that esbuild has made, and its source map. */
export const makePlain = async (file) => {
  const { code, map } = await transform(readFileSync(file, 'utf8'), {
    filename: file,
    isModule: 'commonjs',
    swcrc: false,
    configFile: false,
    inputSourceMap: readFileSync(`${file}.map`, 'utf8'),
    sourceMaps: true,
    minify: true,
    env: { targets: { node: '20.19' }, include: ['transform-arrow-functions'] },
    jsc: { minify: { compress: false, mangle: false } },
  });
  const { sourcesContent: _, ...slim } = JSON.parse(map);
  writeFileSync(
    file,
    `${code.replace(/\/\/# sourceMappingURL=.*\s*$/, '')}\n//# sourceMappingURL=${basename(file)}.map\n`,
  );
  writeFileSync(`${file}.map`, JSON.stringify(slim));
};
