// A plugin of serverless: before anything is packaged or invoked, the bundles are those of the sources.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '../..');

const refresh = () => {
  const setup = join(root, 'infra/setup.mjs');
  // stdout is for what the function answers.
  const { status } = spawnSync(process.execPath, [setup], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw new Error('The function could not be built; what went wrong stands above.');
};

module.exports = class FreshBundle {
  constructor() {
    this.hooks = {
      'before:package:createDeploymentArtifacts': refresh,
      'before:deploy:function:packageFunction': refresh,
      'before:invoke:local:invoke': refresh,
    };
  }
};
