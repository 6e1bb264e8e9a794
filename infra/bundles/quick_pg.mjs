// The driver of Postgres looks at `Response` to see whether it runs at Cloudflare; on Node 20 a look is
// enough to load all of fetch, which takes twice as long as the driver itself.
import { readFileSync } from 'node:fs';

export const quickPg = {
  name: 'quick-pg',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\]pg[/\\]lib[/\\]stream\.js$/ }, ({ path }) => ({
      contents: `const Response = undefined;\n${readFileSync(path, 'utf8')}`,
    }));
  },
};
