#!/usr/bin/env node
// The door of the command: runs cli.cjs from the compiled form that V8 leaves behind, since to parse
// and compile the bundle anew takes half the time of an empty drain.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const vm = require('node:vm');

// Put in by the build: V8 itself compares no more than the length of a source.
const BUILD = '__BUILD__';
const file = join(__dirname, 'cli.cjs');

/** Runs `file` as `require` would, from compiled form where that fits this Node. */
const runCompiled = () => {
  const compiled = join(__dirname, `.compiled-${BUILD}-${process.version}-${process.arch}`);
  let cachedData;
  try {
    cachedData = readFileSync(compiled);
  } catch {
    // Not there yet: compiled as always, only slower.
  }
  const source = readFileSync(file, 'utf8');
  const names = 'exports, require, module, __filename, __dirname, launcherImport';
  const wrapped = `(function (${names}) { ${source}\n})`;
  const script = new vm.Script(wrapped, { filename: file, cachedData });
  const cli = new Module(file, module);
  cli.filename = file;
  const run = script.runInThisContext();
  const launcherImport = (url) => import(url);
  const require = Module.createRequire(file);
  run.call(cli.exports, cli.exports, require, cli, file, __dirname, launcherImport);

  // Left by `run`, which schedules start again and again: by then all it uses has been compiled.
  if ((cachedData && !script.cachedDataRejected) || !process.argv.includes('run')) return;
  process.once('exit', () => {
    try {
      const own = `${compiled}.${process.pid}`;
      writeFileSync(own, script.createCachedData());
      renameSync(own, compiled);
    } catch {
      // A folder that may not be written to: every start compiles, as without all this.
    }
  });
};

// Since Node 22.1 the same is built in.
if (Module.enableCompileCache) {
  Module.enableCompileCache(join(__dirname, '.compiled'));
  require(file);
} else {
  runCompiled();
}
