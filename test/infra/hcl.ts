// Reads HCL as Terraform's files are written: blocks within blocks, and expressions as their text.
import { quotedAt } from './hcl_strings.ts';

export interface Block {
  /** `resource`, `variable`, or what a nested block is called */
  type: string;
  labels: string[];
  /** the expression of each attribute, without comments */
  attributes: Record<string, string>;
  blocks: Block[];
}

type Body = Pick<Block, 'attributes' | 'blocks'>;

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private must(pattern: RegExp, what: string): string {
    const found = this.match(pattern);
    if (found !== undefined) return found;
    throw new Error(`expected ${what}, found: ${this.text.slice(this.at, this.at + 40)}`);
  }

  private expression(): string {
    let found = '';
    let depth = 0;
    for (;;) {
      this.match(/[ \t]+#[^\n]*/y);
      const next = this.text[this.at];
      if (next === undefined || (depth === 0 && (next === '\n' || next === '}')))
        return found.trim();
      if (next === '"') {
        const quoted = quotedAt(this.text, this.at);
        found += quoted;
        this.at += quoted.length;
        continue;
      }
      if ('([{'.includes(next)) depth += 1;
      if (')]}'.includes(next)) depth -= 1;
      found += next;
      this.at += 1;
    }
  }

  body(): Body {
    const body: Body = { attributes: {}, blocks: [] };
    for (;;) {
      this.match(/(\s|#[^\n]*)+/y);
      if (this.at === this.text.length || this.text[this.at] === '}') return body;
      const name = this.must(/[A-Za-z_][\w-]*/y, 'a name');
      if (this.match(/[ \t]*=(?!=)[ \t]*/y) === undefined) {
        body.blocks.push(this.block(name));
        continue;
      }
      if (Object.hasOwn(body.attributes, name)) throw new Error(`${name} is set twice`);
      body.attributes[name] = this.expression();
    }
  }

  private block(type: string): Block {
    const labels: string[] = [];
    for (;;) {
      const label = this.match(/[ \t]*"[^"\n]*"/y);
      if (label === undefined) break;
      labels.push(label.trim().slice(1, -1));
    }
    this.must(/[ \t]*\{/y, 'an opening brace');
    const body = this.body();
    this.must(/\}/y, 'a closing brace');
    return { type, labels, ...body };
  }

  end(): void {
    if (this.at < this.text.length) throw new Error(`a brace too many: ${this.at}`);
  }
}

/** The blocks of one file. */
export const parseHcl = (text: string): Block[] => {
  const reader = new Reader(text);
  const { attributes, blocks } = reader.body();
  reader.end();
  const [stray] = Object.keys(attributes);
  if (stray !== undefined) throw new Error(`${stray} stands outside of any block`);
  return blocks;
};
