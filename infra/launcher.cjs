#!/usr/bin/env node
// The door of the command: runs cli.cjs, and the driver it asks for, from the compiled form that V8
// leaves behind, since to parse and compile them anew takes half the time of an empty drain.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { basename, join } = require('node:path');
const vm = require('node:vm');

// Put in by the build: V8 itself compares no more than the length of a source.
const BUILD = '__BUILD__';
const drivers = ['./pg.cjs', './supabase.cjs'];

const loaded = [];
let complete = true;

/** Runs a file of this folder as `require` would, from compiled form where that fits this Node. */
const loadCompiled = (name) => {
  const file = join(__dirname, name);
  const fit = `${BUILD}-${process.version}-${process.arch}`;
  const compiled = join(__dirname, `.compiled-${fit}-${basename(name)}`);
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
  loaded.push({ script, compiled });
  complete &&= cachedData !== undefined && !script.cachedDataRejected;

  const own = new Module(file, module);
  own.filename = file;
  const run = script.runInThisContext();
  const launcherImport = (url) => import(url);
  const ofNode = Module.createRequire(file);
  const require = (id) => (drivers.includes(id) ? loadCompiled(id) : ofNode(id));
  run.call(own.exports, own.exports, require, own, file, __dirname, launcherImport);
  return own.exports;
};

/** All of them, since with another driver other parts of cli.cjs are used. */
const keepCompiled = () => {
  if (complete) return;
  try {
    for (const { script, compiled } of loaded) {
      const own = `${compiled}.${process.pid}`;
      writeFileSync(own, script.createCachedData());
      renameSync(own, compiled);
    }
  } catch {
    // A folder that may not be written to: every start compiles, as without all this.
  }
};

// Since Node 22.1 the same is built in.
if (Module.enableCompileCache) {
  Module.enableCompileCache(join(__dirname, '.compiled'));
  require(join(__dirname, 'cli.cjs'));
} else {
  // Left by `run`, which schedules start again and again: by then all it uses has been compiled.
  if (process.argv.includes('run')) process.once('exit', keepCompiled);
  loadCompiled('./cli.cjs');
}
