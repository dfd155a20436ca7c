/**
 * Short texts for values: what a reader wants to see of an argument. The table stands in FORMAT.md.
 *
 * Objects are told apart by the names of their classes, so that this file needs none of the core's modules
 * (there can be two copies of them in a process: the instrumented one, and the plain one of a test).
 *
 * Who calls in: probe.ts, for every call; the recorder, for keys and values. Whom it calls: nobody.
 */

/** Bytes of a string that are shown. */
export const PREVIEW_BYTES = 40;

/** Turns values into texts. */
export interface Preview {
  args(args: ArrayLike<unknown>): readonly string[];
  value(value: unknown): string;
}

type Fields = Record<string, unknown>;

const TYPES = ['string', 'list', 'set', 'zset', 'hash', 'module', 'stream'];

/** A quoted string with C's escapes, cut at {@link PREVIEW_BYTES}; then its length follows. */
export function quote(text: string): string {
  const cut = text.length > PREVIEW_BYTES ? text.slice(0, PREVIEW_BYTES) : text;
  let quoted = '"';
  for (const char of cut) {
    const code = char.charCodeAt(0);
    if (char === '"' || char === '\\') quoted += `\\${char}`;
    else if (char === '\n') quoted += '\\n';
    else if (char === '\r') quoted += '\\r';
    else if (char === '\t') quoted += '\\t';
    else if (code < 32 || code > 126) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else quoted += char;
  }
  return text.length > PREVIEW_BYTES ? `${quoted}"...(${text.length})` : `${quoted}"`;
}

/** The bytes of a growable string, as latin1. */
function textOf(s: Fields): string {
  const length = Math.min(s['len'] as number, PREVIEW_BYTES);
  const text = (s['buf'] as Buffer).toString('latin1', 0, length);
  // One too many is enough to have it cut; the right length is put behind it.
  return text;
}

function quoteSds(s: Fields): string {
  const length = s['len'] as number;
  const text = quote(textOf(s));
  return length > PREVIEW_BYTES ? `${text}...(${length})` : text;
}

function numberOr(value: unknown, otherwise: string): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : otherwise;
}

/** A value object: what it holds if it is a string, otherwise its type and its address's class. */
function describeObject(o: Fields): string {
  const type = TYPES[o['type'] as number] ?? 'object';
  const ptr = o['ptr'];
  if (type !== 'string') return `<${type}>`;
  if (typeof ptr === 'string') return quote(ptr);
  if (typeof ptr === 'object' && ptr !== null && 'len' in ptr) return quoteSds(ptr);
  return numberOr(ptr, '""');
}

/** Shows values; `addressOf` tells the address of a client's peer by its descriptor. */
export class ValuePreview implements Preview {
  readonly #addressOf: (fd: number) => string;
  readonly #addresses = new WeakMap<object, string>();

  constructor(addressOf: (fd: number) => string) {
    this.#addressOf = addressOf;
  }

  args(args: ArrayLike<unknown>): readonly string[] {
    const texts: string[] = [];
    for (let i = 0; i < args.length; i++) texts.push(this.value(args[i]));
    return texts;
  }

  value(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return quote(value);
      case 'function':
        return value.name.replace(/^bound /, '') || '<function>';
      case 'object':
        return value === null ? 'null' : this.#object(value as Fields);
      case 'undefined':
        return '-';
      case 'symbol':
        return '<symbol>';
      default:
        return String(value);
    }
  }

  #object(value: Fields): string {
    if (Array.isArray(value)) return this.#array(value);
    const name = value.constructor?.name ?? 'Object';
    switch (name) {
      case 'client':
        return this.#client(value);
      case 'robj':
        return describeObject(value);
      case 'sds':
        return quoteSds(value);
      case 'connection':
        return `fd=${String(value['fd'])}`;
      case 'redisCommand':
        return numberOr(null, String(value['fullname'] ?? value['declared_name'])).toUpperCase();
      case 'redisDb':
        return `db${String(value['id'])}`;
      case 'dict': {
        const used = value['ht_used'] as number[] | undefined;
        return used === undefined ? '<dict>' : `<dict ${used[0] + used[1]}>`;
      }
      case 'list':
        return `<list ${String(value['len'])}>`;
      case 'dictEntry':
      case 'dictEntryMeta':
        return `<entry ${this.value(value['key'])}>`;
      case 'longdouble':
        return '<long double>';
      case 'Object':
        return this.#record(value);
      default:
        if (value instanceof Uint8Array) return `<${value.length} bytes>`;
        return `<${name}>`;
    }
  }

  #client(c: Fields): string {
    const conn = c['conn'] as Fields | null;
    const id = `#${String(c['id'])}`;
    if (conn === null) return id;
    let address = this.#addresses.get(conn);
    if (address === undefined) {
      address = this.#addressOf(conn['fd'] as number);
      if (address !== '') this.#addresses.set(conn, address);
    }
    return address === '' ? id : `${id} ${address}`;
  }

  #array(values: unknown[]): string {
    if (values.length > 6) return `[${values.length}]`;
    const isShort = values.every((value) => {
      if (typeof value === 'function') return false;
      return typeof value !== 'object' || value === null || value.constructor.name === 'robj';
    });
    if (!isShort) return `[${values.length}]`;
    const text = `[${values.map((v) => this.value(v)).join(', ')}]`;
    return text.length > 2 * PREVIEW_BYTES ? `[${values.length}]` : text;
  }

  /** An object without a class, such as a result of several values. */
  #record(value: Fields): string {
    const keys = Object.keys(value);
    if (keys.length === 0 || keys.length > 4) return '<struct>';
    const parts = keys.map((key) => {
      const field = value[key];
      return `${key}: ${typeof field === 'object' && field !== null && !(field as Fields).constructor?.name?.match(/^(robj|sds|client)$/) ? '...' : this.value(field)}`;
    });
    return `{${parts.join(', ')}}`;
  }
}
