/**
 * Expressions as one types them in gdb, made into JavaScript.
 *
 *     c->argv[1]->ptr            c.argv[1].ptr
 *     *c                         c, printed as a struct
 *     (robj *) c->argv[1]        c.argv[1]
 *     *c->argv@c->argc           c.argv.slice(0, c.argc)
 *     server.port == 0xfL        modules["server/server.h.js"].exports.server.port == 0xf
 *     $1->id                     history[1].id
 *
 * This is no compiler: the text is cut into tokens, and what C writes differently is replaced. All else is
 * JavaScript already, and stays as it is, so one can also call functions.
 *
 * Who calls in: gdb.ts and evaluator.ts. Whom it calls: nobody; names are resolved by the caller.
 */

/** An expression that the program can evaluate. */
export interface Translated {
  code: string;
  /** It began with `*`: what it yields is to be printed with its fields. */
  isDereferenced: boolean;
}

/** What a caller knows of names. */
export interface Names {
  /** JavaScript for a free name; the name itself when it needs nothing. */
  identifier(name: string): string;
  /** JavaScript for `$1`, `$`, `$$2`, `$name`. Throws when there is no such value. */
  history(name: string): string;
}

interface Token {
  kind: 'name' | 'number' | 'string' | 'history' | 'space' | 'operator';
  text: string;
}

const patterns: [Token['kind'], RegExp][] = [
  ['space', /\s+/y],
  ['string', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/y],
  ['number', /0[xX][\da-fA-F]+(?:[uUlL]+|n)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:[uUlL]+|n)?/y],
  ['history', /\$\$?\d+|\$[A-Za-z_]\w*|\$\$?/y],
  ['name', /[A-Za-z_][\w$]*(?:::[A-Za-z_][\w$]*)?/y],
  [
    'operator',
    /->|=>|===|!==|==|!=|<=|>=|&&|\|\||\?\?=?|\?\.|<<=?|>>>?=?|\+\+|--|\.\.\.|[-+*/%&|^]=|[^\s]/y,
  ],
];

/** Words that are no names of variables. */
const keywords = new Set(
  'this null true false undefined new typeof void instanceof in delete await async function return const let NaN Infinity'.split(
    ' ',
  ),
);

const baseTypes =
  '(?:const|struct|unsigned|signed|long|short|int|char|void|float|double|size_t|ssize_t|uint\\d+_t|int\\d+_t)';

/** A cast: a type in parentheses that either ends with a star or consists of C's own type names. */
const cast = new RegExp(
  `\\(\\s*(?:(?:(?:const|struct|unsigned)\\s+)*[A-Za-z_]\\w*\\s*\\*[\\s*]*|${baseTypes}(?:\\s+${baseTypes})*)\\s*\\)(?=\\s*[\\w$("'&*!~-])`,
  'g',
);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match === null) continue;
      tokens.push({ kind, text: match[0] });
      at += match[0].length;
      break;
    }
  }
  return tokens;
}

/** Finds a single `@` at top level, gdb's "array of that many elements". */
function splitAt(text: string): [string, string] | null {
  let depth = 0;
  let inString = '';
  for (let i = 0; i < text.length; i++) {
    const ch = text[i] ?? '';
    if (inString !== '') {
      if (ch === '\\') i++;
      else if (ch === inString) inString = '';
    } else if (ch === '"' || ch === "'") inString = ch;
    else if ('([{'.includes(ch)) depth++;
    else if (')]}'.includes(ch)) depth--;
    else if (ch === '@' && depth === 0) return [text.slice(0, i), text.slice(i + 1)];
  }
  return null;
}

/** Makes JavaScript of an expression. Throws what `names` throws. */
export function translate(text: string, names: Names): Translated {
  const parts = splitAt(text);
  if (parts !== null) {
    const [what, count] = parts;
    const many = translate(count, names).code;
    const element = /^(.*)\[([^[\]]*)\]\s*$/s.exec(what.trim());
    if (element !== null && !what.trim().startsWith('*')) {
      const array = translate(element[1] ?? '', names).code;
      const first = translate(element[2] ?? '', names).code;
      return { code: `(${array}).slice(${first}, (${first}) + (${many}))`, isDereferenced: false };
    }
    const array = translate(what.trim().replace(/^\*/, ''), names).code;
    return { code: `(${array}).slice(0, ${many})`, isDereferenced: false };
  }

  const tokens = tokenize(text.replace(cast, ' '));
  let code = '';
  let before: Token | null = null;
  let isDereferenced = false;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'space') {
      code += token.text;
      continue;
    }
    // An operator has a left side when a value or a closing bracket stands before it.
    const isUnary =
      before === null || (before.kind === 'operator' && !/^(?:[)\]}]|\+\+|--)$/.test(before.text));
    const isMember =
      before?.kind === 'operator' &&
      (before.text === '.' || before.text === '?.' || before.text === '->');
    switch (token.kind) {
      case 'name':
        if (isMember || keywords.has(token.text)) code += token.text;
        else if (token.text === 'NULL') code += 'null';
        // A key of an object literal is followed by a colon, the middle of `a ? b : c` is not preceded by a brace.
        else if (isKey(tokens, index)) code += token.text;
        else code += names.identifier(token.text);
        break;
      case 'number':
        code += token.text.replace(/^(0[xX][\da-fA-F]+|[\d.eE+-]+)[uUlL]+$/, '$1');
        break;
      case 'history':
        code += names.history(token.text);
        break;
      case 'operator':
        if (token.text === '->') code += '.';
        else if (isUnary && token.text === '*') isDereferenced ||= before === null;
        else if (isUnary && token.text === '&') break;
        else code += token.text;
        break;
      default:
        code += token.text;
    }
    before = token;
  }
  return { code: code.trim(), isDereferenced };
}

/** Whether the token is a key in an object literal: `{name:` or `, name:`. */
function isKey(tokens: Token[], index: number): boolean {
  const solid = (from: number, step: number): string => {
    let i = from + step;
    while (tokens[i]?.kind === 'space') i += step;
    return tokens[i]?.text ?? '';
  };
  const previous = solid(index, -1);
  return solid(index, 1) === ':' && (previous === '{' || previous === ',');
}
