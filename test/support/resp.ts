/**
 * A raw client of the Redis protocol for tests: what goes out is exactly the bytes that the test
 * gives, and a reply is kept both as it came over the wire and as a value.
 *
 *     const c = await RespClient.connect(port);
 *     const reply = await c.command('LRANGE', 'k', '0', '-1');
 *     reply.value    ['a', 'b']
 *     reply.raw      *2\r\n$1\r\na\r\n$1\r\nb\r\n
 *
 * Strings are latin1 both ways: one character code a byte, as in the program.
 */
import { createConnection, type Socket } from 'node:net';

/** An error reply: the text without its leading minus sign. */
export class RespError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** An aggregate of RESP3 that is no plain array. A map holds keys and values in turns. */
export class RespAggregate {
  readonly kind: 'map' | 'set' | 'push' | 'attribute';
  readonly items: RespValue[];
  constructor(kind: RespAggregate['kind'], items: RespValue[]) {
    this.kind = kind;
    this.items = items;
  }
}

/** A double or verbatim string of RESP3, in its text form. */
export class RespScalar {
  readonly kind: 'double' | 'verbatim' | 'bignum';
  readonly text: string;
  constructor(kind: RespScalar['kind'], text: string) {
    this.kind = kind;
    this.text = text;
  }
}

export type RespValue =
  string | number | bigint | boolean | null | RespError | RespAggregate | RespScalar | RespValue[];

/** One reply: the bytes as a latin1 string, and what they mean. */
export interface Reply {
  raw: string;
  value: RespValue;
}

const aggregates = { '%': 'map', '~': 'set', '>': 'push', '|': 'attribute' } as const;

/** Reads one value of `text` from `at` on. Returns the value and where it ends, or null if it is cut. */
function parse(text: string, at: number): { value: RespValue; end: number } | null {
  const eol = text.indexOf('\r\n', at);
  if (eol === -1) return null;
  const type = text[at] ?? '';
  const line = text.slice(at + 1, eol);
  const end = eol + 2;
  switch (type) {
    case '+':
      return { value: line, end };
    case '-':
      return { value: new RespError(line), end };
    case ':': {
      const n = Number(line);
      return { value: Number.isSafeInteger(n) ? n : BigInt(line), end };
    }
    case '_':
      return { value: null, end };
    case '#':
      return { value: line === 't', end };
    case ',':
      return { value: new RespScalar('double', line), end };
    case '(':
      return { value: new RespScalar('bignum', line), end };
    case '$':
    case '=': {
      const length = Number(line);
      if (length === -1) return { value: null, end };
      if (text.length < end + length + 2) return null;
      const body = text.slice(end, end + length);
      const value = type === '$' ? body : new RespScalar('verbatim', body);
      return { value, end: end + length + 2 };
    }
    case '*':
    case '%':
    case '~':
    case '>':
    case '|': {
      const count = Number(line) * (type === '%' || type === '|' ? 2 : 1);
      if (count < 0) return { value: null, end };
      const items: RespValue[] = [];
      let next = end;
      for (let i = 0; i < count; i++) {
        const item = parse(text, next);
        if (item === null) return null;
        items.push(item.value);
        next = item.end;
      }
      return {
        value: type === '*' ? items : new RespAggregate(aggregates[type], items),
        end: next,
      };
    }
    default:
      throw new Error(`not a reply: ${JSON.stringify(text.slice(at, at + 80))}`);
  }
}

/** The bytes of one command in the form that clients send: an array of bulk strings. */
export function encodeCommand(args: readonly (string | number)[]): string {
  return args.reduce<string>(
    (out, arg) => `${out}$${String(arg).length}\r\n${arg}\r\n`,
    `*${args.length}\r\n`,
  );
}

/** Splits a line as redis-cli does: words, "double quotes" with escapes, 'single quotes'. */
export function splitWords(line: string): string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+/gs) ?? [];
  return words.map((word) => {
    if (word.startsWith('"')) {
      return word
        .slice(1, -1)
        .replace(/\\x([0-9a-f]{2})|\\(.)/gi, (_all, hex: string | undefined, c: string) =>
          hex === undefined
            ? (({ n: '\n', r: '\r', t: '\t' } as Record<string, string>)[c] ?? c)
            : String.fromCharCode(parseInt(hex, 16)),
        );
    }
    return word.startsWith("'") ? word.slice(1, -1) : word;
  });
}

interface Waiter {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/** One connection. Replies come in the order of the calls of {@link RespClient.reply}. */
export class RespClient {
  readonly socket: Socket;
  /** What arrived and is not yet handed out. */
  received = '';
  /** Set once the other side closed or the connection broke. */
  closed = false;
  readonly #waiters: Waiter[] = [];
  readonly #closing: (() => void)[] = [];
  #chunks: string[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => {
      this.#chunks.push(data.toString('latin1'));
      // A reply ends with a line end: joining earlier would copy a large reply once a packet.
      if (data[data.length - 1] === 10) this.#handOut();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#handOut();
      this.closed = true;
      for (const waiter of this.#waiters.splice(0)) waiter.reject(new Error('connection closed'));
      for (const done of this.#closing.splice(0)) done();
    });
  }

  /** Connects to 127.0.0.1 at `port`. Rejects when nobody listens there. */
  static async connect(port: number): Promise<RespClient> {
    const socket = createConnection({ host: '127.0.0.1', port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RespClient(socket);
  }

  /** Sends bytes as they are, given as a latin1 string. */
  send(bytes: string): void {
    this.socket.write(Buffer.from(bytes, 'latin1'));
  }

  /** The next reply that nobody asked for yet. Rejects if the connection closes before it is whole. */
  reply(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.closed && this.received === '') reject(new Error('connection closed'));
      else this.#waiters.push({ resolve, reject });
      this.#handOut();
    });
  }

  /** Sends one command and waits for its reply. */
  command(...args: (string | number)[]): Promise<Reply> {
    this.send(encodeCommand(args));
    return this.reply();
  }

  /** Like {@link RespClient.command}, for who wants the value alone. */
  async value(...args: (string | number)[]): Promise<RespValue> {
    return (await this.command(...args)).value;
  }

  /** Like {@link RespClient.value}, for a reply that is text: fails the test when it is not. */
  async text(...args: (string | number)[]): Promise<string> {
    const value = await this.value(...args);
    if (typeof value !== 'string') throw new Error(`${args.join(' ')}: ${JSON.stringify(value)}`);
    return value;
  }

  /** Sends several commands at once, and collects their replies in order. */
  async pipeline(commands: readonly (readonly (string | number)[])[]): Promise<Reply[]> {
    this.send(commands.map(encodeCommand).join(''));
    const replies: Reply[] = [];
    for (let i = 0; i < commands.length; i++) replies.push(await this.reply());
    return replies;
  }

  /** Resolves when the server has closed this connection; at once when it has already. */
  untilClosed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.closed) resolve();
      else this.#closing.push(resolve);
    });
  }

  /** Drops the connection without a word. */
  close(): void {
    this.socket.destroy();
  }

  #handOut(): void {
    if (this.#chunks.length > 0) {
      this.received += this.#chunks.join('');
      this.#chunks = [];
    }
    let at = 0;
    while (this.#waiters.length > 0) {
      const found = parse(this.received, at);
      if (found === null) break;
      this.#waiters
        .shift()
        ?.resolve({ raw: this.received.slice(at, found.end), value: found.value });
      at = found.end;
    }
    this.received = this.received.slice(at);
  }
}
