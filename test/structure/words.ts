// Which words of the platform may stand where.
import { codeOf, isTypeScript, type Tree } from './source.ts';

const core = /^src\/core\//;

interface Word {
  what: string;
  pattern: RegExp;
  /** files it is forbidden in; all of src and handlers unless given */
  within?: RegExp;
  /** files it may stand in all the same */
  except?: RegExp;
}

const words: Word[] = [
  { what: 'process.env', pattern: /\bprocess\.env\b/, except: /^src\/settings(\.ts$|\/)/ },
  {
    what: 'process.exit',
    pattern: /\bprocess\.(exit|exitCode|abort|kill)\b/,
    except: /^src\/cli\/main\.ts$/,
  },
  { what: 'console', pattern: /\bconsole\./, except: /^src\/(log|cli\/output)\.ts$/ },
  {
    what: 'process.stdout',
    pattern: /\bprocess\.(stdout|stderr)\b/,
    except: /^src\/(log|cli\/output|cli\/main)\.ts$/,
  },
  {
    what: 'writing to stdout or stderr',
    // An empty write is how the entry waits for its streams before it exits.
    pattern: /\b(stdout|stderr)\.write\((?!"",)/,
    except: /^src\/(log|cli\/output)\.ts$/,
  },
  { what: 'process', pattern: /\bprocess\b(?!\s*:)/, within: core },
  {
    what: 'the time of day',
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\./,
    within: core,
  },
  { what: 'chance', pattern: /\bMath\.random\b|\bcrypto\./, within: core },
  { what: 'timers', pattern: /\bset(Timeout|Interval|Immediate)\b/, within: core },
  { what: 'the network', pattern: /\bfetch\(/, within: core },
];

export const wordFaults = (tree: Tree): string[] =>
  Object.entries(tree)
    .filter(([path]) => isTypeScript(path))
    .flatMap(([path, text]) => {
      const code = codeOf(text, path.endsWith('.tsx') ? 'tsx' : 'ts');
      return words
        .filter(({ within, except }) => (within?.test(path) ?? true) && !except?.test(path))
        .filter(({ pattern }) => pattern.test(code))
        .map(({ what }) => `${path} may not use ${what}`);
    });
