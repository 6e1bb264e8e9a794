// Who may import whom.
import { type Import, importsOf, isTypeScript, type Tree } from './source.ts';

interface Layer {
  name: string;
  files: RegExp;
  may: RegExp[];
  /** allowed for types only */
  types?: RegExp[];
}

const core = /^src\/core\//;
const errors = /^src\/errors\.ts$/;
const version = /^src\/version\.ts$/;
const node = /^node:/;
const anyPackage = /^(?!src\/|handlers\/|node:)/;
const outside = [
  /^src\/(app|runner)\.ts$/,
  /^src\/settings(\.ts$|\/)/,
  /^src\/log\.ts$/,
  /^src\/clock\.ts$/,
];

const invocation = /^src\/invocation\.ts$/;
const earlier = /^src\/earlier\.ts$/;
/** What `serve` puts together. */
const served = [/^src\/(api|server)\.ts$/, /^src\/http\/metrics\.ts$/];
const wire = /^src\/http\/wire\//;
const client = /^src\/client\//;
// Handlers translate: what comes is understood by the core, what is done is done by the invocation.
const forHandlers = [
  errors,
  invocation,
  /^src\/api_instance\.ts$/,
  /^src\/core\/(wake|json)\.ts$/,
  /^src\/http\/problem\.ts$/,
  /^src\/settings\/platform\.ts$/,
  /^handlers\/(own_jobs|readable|send_body)\.ts$/,
];

// The first layer whose pattern fits a file is its layer.
const layers: Layer[] = [
  { name: 'errors', files: errors, may: [] },
  { name: 'version', files: version, may: [] },
  { name: 'core', files: core, may: [core, errors, /^zod$/] },
  {
    name: 'stores',
    files: /^src\/stores\//,
    may: [core, errors, node, /^src\/stores\//, /^(zod|libsql|pg|@supabase\/supabase-js)$/],
  },
  { name: 'jobs', files: /^src\/jobs\//, may: [core, errors, node, /^src\/jobs\//, anyPackage] },
  { name: 'alerts', files: /^src\/alerts\//, may: [errors, node, /^src\/alerts\//], types: [core] },
  {
    name: 'settings',
    files: /^src\/settings(\.ts$|\/)/,
    may: [errors, node, /^src\/settings\//, /^(zod|yaml)$/],
    types: [core, /^src\/(settings|http\/keys)\.ts$/],
  },
  {
    name: 'log',
    files: /^src\/log(\.ts$|\/)/,
    may: [node, /^picocolors$/, /^src\/log\//, /^src\/core\/schedule\.ts$/],
    types: [core, /^src\/log\.ts$/],
  },
  // The instance's own clock and ids, behind the interfaces of core.
  { name: 'clock', files: /^src\/(clock|ids)\.ts$/, may: [node, /^uuid$/], types: [core] },
  {
    name: 'app',
    files: /^src\/app\.ts$/,
    may: [
      core,
      errors,
      node,
      ...outside,
      /^src\/ids\.ts$/,
      /^src\/(stores|jobs|alerts)\//,
      /^zod$/,
    ],
  },
  // What people and programs ask for, over what app.ts put together: no cloud function loads it.
  {
    name: 'runner',
    files: /^src\/runner\.ts$/,
    may: [core, errors, /^src\/app\.ts$/, /^src\/settings\/nearest\.ts$/],
    types: [/^src\/settings\.ts$/],
  },
  // What only the command line's `import` needs: a second root, of which nothing but main.ts knows.
  {
    name: 'earlier',
    files: earlier,
    may: [errors, /^src\/settings\/addresses\.ts$/, /^src\/stores\/earlier\/open\.ts$/],
    types: [core],
  },
  {
    name: 'index',
    files: /^src\/index\.ts$/,
    may: [core, errors, /^src\/runner\.ts$/, /^zod$/],
    types: [/^src\/(settings|app)\.ts$/],
  },
  // The process's own entry: it hands the doors to the rest of the command line.
  {
    name: 'cli/main',
    files: /^src\/cli\/main\.ts$/,
    may: [
      core,
      errors,
      node,
      ...outside,
      earlier,
      ...served,
      /^src\/http\/packed_assets\.ts$/,
      /^src\/cli\//,
    ],
  },
  {
    name: 'cli/output',
    files: /^src\/cli\/output\.ts$/,
    may: [core, errors, node, anyPackage, /^src\/cli\//, /^src\/log\.ts$/],
  },
  {
    name: 'cli',
    files: /^src\/cli\//,
    // Options and `doctor` are made from the table of settings, which is data.
    may: [
      core,
      errors,
      version,
      node,
      anyPackage,
      /^src\/cli\//,
      /^src\/(settings\/table|guard|http\/address)\.ts$/,
    ],
    types: [...outside, ...served],
  },
  // What client and server tell each other, as types and as JSON Schema.
  { name: 'http/wire', files: wire, may: [core, /^zod$/, wire], types: [errors] },
  {
    name: 'http',
    files: /^src\/http\//,
    may: [core, errors, node, anyPackage, /^src\/http\//],
    types: outside,
  },
  // Runs wherever there is a `fetch`: in browsers, too.
  {
    name: 'client',
    files: client,
    may: [client, /^eventsource-parser(\/|$)/],
    types: [core, errors, wire],
  },
  {
    name: 'dashboard',
    files: /^src\/dashboard\//,
    may: [client, /^src\/dashboard\//, /^src\/core\/(job|schedule|lengths)\.ts$/, /^preact(\/|$)/],
    types: [core, wire],
  },
  // The API put together, for `serve` and for cloud functions; and the server of the first.
  {
    name: 'api',
    files: /^src\/api\.ts$/,
    may: [core, errors, version, /^src\/(http\/|clock\.ts|ids\.ts)/],
    types: outside,
  },
  {
    name: 'server',
    files: /^src\/server\.ts$/,
    may: [errors, node, /^@hono\/node-server$/, /^src\/http\/problem\.ts$/],
    types: [core, /^src\/(api|log)\.ts$/, /^src\/http\//],
  },
  // The same in a cloud function, whatever the cloud.
  {
    name: 'api instance',
    files: /^src\/api_instance\.ts$/,
    may: [
      errors,
      node,
      /^src\/core\/thrown\.ts$/,
      /^src\/(api|app|clock|host|ids|invocation|log|runner|settings)\.ts$/,
      /^src\/http\//,
    ],
  },
  // One invocation of a cloud function, whatever the cloud, and the process it runs in.
  {
    name: 'invocation',
    files: /^src\/invocation\.ts$/,
    may: [errors, /^src\/(app|settings|log|guard|host|core\/tally)\.ts$/],
    types: [core],
  },
  { name: 'guard', files: /^src\/guard\.ts$/, may: [core, errors], types: [/^src\/log\.ts$/] },
  { name: 'host', files: /^src\/host\.ts$/, may: [/^src\/guard\.ts$/] },
  {
    name: 'handlers',
    files: /^handlers\/[^/]+$/,
    may: [node, errors, /^src\/core\/thrown\.ts$/],
    types: [invocation],
  },
  {
    name: 'handlers/aws',
    files: /^handlers\/aws\//,
    may: [...forHandlers, node, /^handlers\/aws\//, /^aws-lambda$/],
  },
  {
    name: 'handlers/gcp',
    files: /^handlers\/gcp\//,
    may: [...forHandlers, node, /^handlers\/gcp\//, /^@google-cloud\/functions-framework$/],
  },
];

/** What only one file may import, because it constructs. */
const onlyFromApp = /^src\/(stores\/open|jobs\/index)\.ts$/;

const importFault = ({ from, to, type_only }: Import): string[] => {
  const layer = layers.find(({ files }) => files.test(from));
  if (!layer) return [`${from} belongs to no layer`];
  const allowed = type_only ? [...layer.may, ...(layer.types ?? [])] : layer.may;
  if (!allowed.some((pattern) => pattern.test(to))) {
    return [`${from} (${layer.name}) may not import ${type_only ? 'types of ' : ''}${to}`];
  }
  if (onlyFromApp.test(to) && from !== 'src/app.ts' && !type_only) {
    return [`${from} imports ${to}: only src/app.ts constructs`];
  }
  return [];
};

export const importFaults = (tree: Tree): string[] =>
  Object.entries(tree)
    .filter(([path]) => isTypeScript(path))
    .flatMap(([path, text]) => importsOf(path, text).flatMap(importFault));
