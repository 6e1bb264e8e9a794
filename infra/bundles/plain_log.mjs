// A function's log is for programs. What would give it colours looks for a terminal when it is loaded,
// and that look opens stdout.

export const plainLog = {
  name: 'plain-log',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^picocolors$/ }, ({ path, importer }) =>
      /src[/\\]log\.ts$/.test(importer) ? { path, namespace: 'plain-log' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'plain-log' }, () => ({
      contents: `
        const plain = String;
        const colors = { dim: plain, cyan: plain, yellow: plain, red: plain };
        export default { createColors: () => colors };`,
    }));
  },
};
