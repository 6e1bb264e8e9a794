// Strings of HCL, and the templates in them, which hold expressions and so strings again.
/** A string's text from its first quote to its last; what is between `${` and `}` may hold strings. */
export const quotedAt = (text: string, start: number): string => {
  let at = start + 1;
  while (text[at] !== '"') {
    if (at >= text.length || text[at] === '\n') throw new Error(`a string has no end: ${start}`);
    if (text[at] === '\\') at += 2;
    else if (text.startsWith('${', at)) at += templateAt(text, at).length;
    else at += 1;
  }
  return text.slice(start, at + 1);
};

/** `${…}` with both of its braces. */
const templateAt = (text: string, start: number): string => {
  let depth = 0;
  let at = start + 1;
  do {
    if (at >= text.length) throw new Error(`a template has no end: ${start}`);
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    at += text[at] === '"' ? quotedAt(text, at).length : 1;
  } while (depth > 0);
  return text.slice(start, at);
};

/** The code of an expression: of its strings only what is between `${` and `}`. */
export const codeOf = (expression: string): string => {
  let code = '';
  let at = 0;
  while (at < expression.length) {
    if (expression[at] !== '"') {
      code += expression[at];
      at += 1;
      continue;
    }
    const quoted = quotedAt(expression, at);
    for (let inner = 1; inner < quoted.length - 1; inner += 1) {
      if (quoted[inner] === '\\') inner += 1;
      else if (quoted.startsWith('${', inner)) {
        const template = templateAt(quoted, inner);
        code += ` (${codeOf(template.slice(2, -1))}) `;
        inner += template.length - 1;
      }
    }
    at += quoted.length;
  }
  return code;
};
