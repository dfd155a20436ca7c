/**
 * Values as gdb would print them.
 *
 *     short    as an argument in a backtrace        #7 127.0.0.1:50312    "tom"    {"SET", "name", "tom"}
 *     print    as the answer of `print c`           (client *) #7 127.0.0.1:50312
 *     struct   as the answer of `print *c`          {id = 7, flags = 0, conn = fd=8, ...}
 *
 * There are no addresses in JavaScript: where gdb shows a pointer, we show what tells objects apart: a
 * client by its id and peer, an robj by its value, a connection by its descriptor.
 *
 * {@link formatValues} runs inside the program that is debugged: its text is sent there. So it uses
 * nothing from outside of itself, calls the program's code only to ask for the peer's address, and reads
 * fields that are there without calling accessors.
 *
 * Who calls in: evaluator.ts. Whom it calls: nobody.
 */

/** How values are to be printed. */
export interface FormatOptions {
  mode: 'short' | 'print' | 'struct';
  /** Fields of a struct on lines of their own. */
  pretty?: boolean;
  /** The folder of the compiled program, where the function that knows a peer's address is found. */
  dist?: string;
}

/** Prints each of `values`. Never throws. */
export function formatValues(values: unknown[], options: FormatOptions): string[] {
  type Fields = Record<string, unknown>;
  const isShort = options.mode === 'short';

  /** Bytes in quotes, escaped as in C, cut. */
  function quote(text: string, length: number = text.length): string {
    const limit = isShort ? 40 : 200;
    const names: Record<string, string> = {
      '\n': '\\n',
      '\r': '\\r',
      '\t': '\\t',
      '\x07': '\\a',
      '\b': '\\b',
      '\f': '\\f',
      '\v': '\\v',
      '"': '\\"',
      '\\': '\\\\',
    };
    let out = '';
    for (const ch of text.slice(0, limit)) {
      const code = ch.charCodeAt(0);
      if (names[ch] !== undefined) out += names[ch];
      else if (code >= 32 && code < 127) out += ch;
      else if (code > 255) out += ch;
      else out += `\\${code.toString(8).padStart(3, '0')}`;
    }
    return length > limit ? `"${out}"...` : `"${out}"`;
  }

  /** Bytes of a buffer: as text. */
  function quoteBytes(bytes: Uint8Array, length: number): string {
    let text = '';
    for (let i = 0; i < Math.min(length, 201); i++) text += String.fromCharCode(bytes[i] ?? 0);
    return quote(text, length);
  }

  function classOf(value: object): string {
    const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
    return prototype?.constructor?.name ?? 'Object';
  }

  /** How many elements a container of one of the types has; -1: it does not tell. */
  function sizeOf(value: unknown): number {
    if (typeof value !== 'object' || value === null) return -1;
    // A listpack: total bytes (4), number of elements (2).
    if (value instanceof Uint8Array) return (value[4] ?? 0) | ((value[5] ?? 0) << 8);
    const fields = value as Fields;
    if (Array.isArray(fields['ht_used'])) {
      return (fields['ht_used'] as number[]).reduce((sum, used) => sum + used, 0);
    }
    if (typeof fields['dict'] === 'object' && fields['dict'] !== null)
      return sizeOf(fields['dict']);
    for (const name of ['count', 'len', 'length', 'numele', 'size']) {
      if (typeof fields[name] === 'number') return fields[name];
    }
    return -1;
  }

  /** The value of an robj: a string or number, or its type and size. */
  function objectValue(o: Fields): string {
    const ptr = o['ptr'];
    if (o['type'] === 0 || typeof ptr !== 'object' || ptr === null) return scalar(ptr, 0);
    const types = ['string', 'list', 'set', 'zset', 'hash', 'module', 'stream'];
    const size = sizeOf(ptr);
    return `${types[Number(o['type'])] ?? 'object'}(${size === -1 ? '' : size})`;
  }

  function peerOf(c: Fields): string {
    const conn = c['conn'] as Fields | null;
    if (typeof c['peerid'] === 'string') return ` ${c['peerid']}`;
    if (!conn || typeof conn['fd'] !== 'number' || conn['fd'] < 0) return '';
    if (options.dist === undefined) return ` fd=${conn['fd']}`;
    interface Modules {
      _cache: Record<string, { exports: Fields }>;
    }
    const modules = process.getBuiltinModule('node:module') as unknown as Modules;
    const module = modules._cache[`${options.dist}/networking/connection.js`];
    const ask = module?.exports['connPeerToString'];
    if (typeof ask !== 'function') return '';
    const address = { ip: '', port: 0 };
    (ask as (conn: unknown, address: object) => number)(conn, address);
    return address.ip.includes(':')
      ? ` [${address.ip}]:${address.port}`
      : ` ${address.ip}:${address.port}`;
  }

  /** What tells an object apart; empty when there is nothing. */
  function identity(value: object, name: string, depth: number): string {
    const fields = value as Fields;
    switch (name) {
      case 'client':
        return `#${String(fields['id'])}${peerOf(fields)}`;
      case 'robj':
        return objectValue(fields);
      case 'sds':
        return quoteBytes(fields['buf'] as Uint8Array, Number(fields['len']));
      case 'redisDb':
        return `db${String(fields['id'])}`;
      case 'redisCommand':
        return String(fields['fullname'] ?? fields['declared_name']);
      case 'redisServer':
        return `<${name}>`;
      case 'Object':
        return members(value, depth + 1);
      default:
    }
    if (typeof fields['fd'] === 'number' && 'read_handler' in fields) return `fd=${fields['fd']}`;
    const size = Array.isArray(fields['ht_used']) || name === 'list' ? sizeOf(value) : -1;
    return size === -1 ? '' : `<${name} ${size}>`;
  }

  /** Elements in braces, equal neighbours folded as gdb does. */
  function elements(items: readonly unknown[], depth: number): string {
    if (depth > 2) return '{...}';
    const limit = isShort ? 4 : 200;
    const out: string[] = [];
    let i = 0;
    for (; i < items.length && out.length < limit;) {
      let times = 1;
      while (i + times < items.length && Object.is(items[i + times], items[i])) times++;
      const text = scalar(items[i], depth + 1);
      if (times > 9) {
        out.push(`${text} <repeats ${times} times>`);
        i += times;
      } else {
        out.push(text);
        i++;
      }
    }
    return `{${out.join(', ')}${i < items.length ? '...' : ''}}`;
  }

  /** The fields of an object in braces. */
  function members(value: object, depth: number): string {
    if (depth > 2) return '{...}';
    const out: string[] = [];
    for (const name of Object.keys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, name);
      if (property === undefined || !('value' in property)) continue;
      out.push(`${name} = ${scalar(property.value, depth + 1)}`);
      if (isShort && out.length === 4) {
        out.push('...');
        break;
      }
    }
    if (!options.pretty || depth > 0) return `{${out.join(', ')}}`;
    return `{\n${out.map((line) => `  ${line}`).join(',\n')}\n}`;
  }

  /** Any value as a member of something, or as an argument. */
  function scalar(value: unknown, depth: number): string {
    switch (typeof value) {
      case 'undefined':
        return 'undefined';
      case 'string':
        return quote(value);
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'bigint':
      case 'boolean':
        return String(value);
      case 'symbol':
        return value.toString();
      case 'function':
        return `<${value.name === '' ? 'anonymous' : value.name}>`;
      default:
    }
    if (value === null) return '0x0';
    if (Array.isArray(value)) return elements(value, depth);
    if (value instanceof Uint8Array) return quoteBytes(value, value.length);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return elements(Array.from(value as unknown as ArrayLike<number>), depth);
    }
    if (value instanceof Map) {
      const pairs = [...(value as Map<unknown, unknown>)].slice(0, isShort ? 4 : 200);
      const texts = pairs.map(
        ([key, v]) => `[${scalar(key, depth + 1)}] = ${scalar(v, depth + 1)}`,
      );
      return `{${texts.join(', ')}${pairs.length < value.size ? '...' : ''}}`;
    }
    if (value instanceof Set) return elements([...(value as Set<unknown>)], depth);
    if (value instanceof Error) return quote(`${value.name}: ${value.message}`);
    const object = value as object;
    const name = classOf(object);
    const text = identity(object, name, depth);
    return text === '' ? `<${name}>` : text;
  }

  /** A value on its own: an object gets the name of its class, as a pointer its type. */
  function whole(value: unknown): string {
    if (typeof value !== 'object' || value === null) return scalar(value, 0);
    const name = classOf(value);
    const isPlain =
      Array.isArray(value) ||
      ArrayBuffer.isView(value) ||
      value instanceof Map ||
      value instanceof Set ||
      name === 'Object';
    if (options.mode === 'struct' && (!isPlain || name === 'Object')) return members(value, 0);
    if (name === 'Object') return members(value, 0);
    if (isPlain) return scalar(value, 0);
    const text = identity(value, name, 0);
    // A null in C has its type too, and a struct that is not shown is {...}.
    if (text === '' || text === `<${name}>`) return `(${name} *) {...}`;
    return `(${name} *) ${text}`;
  }

  return values.map((value) => {
    try {
      return isShort ? scalar(value, 0) : whole(value);
    } catch (error) {
      return `<error: ${String(error)}>`;
    }
  });
}
