/**
 * @packageDocumentation
 * The client library under redis-cli: a blocking connection and a reader of RESP2 and RESP3 replies. It mirrors the
 * parts of `deps/hiredis` (read.c, hiredis.c, net.c, sds.c) that redis-cli calls, in that order.
 *
 *     redisAppendCommandArgv        redisGetReply
 *            │                          │  ▲
 *            ▼                          │  │ redisReply (a tree)
 *     obuf  *2␍␊$3␍␊GET␍␊$1␍␊k␍␊       │ redisReaderGetReply
 *            │                          │  ▲
 *            ▼ redisBufferWrite         ▼  │ redisReaderFeed
 *     ═══ redisNetWrite ══ socket ══ redisNetRead ═══
 *
 * The reader keeps what arrived in `buf` and a stack of tasks, one for each level of nesting, so that a reply may stop
 * at any byte and go on with the next read:
 *
 *     buf   *2␍␊:1␍␊*1␍␊$3␍␊fo        task[0] array, 2 elements, obj → the root reply
 *                       ▲ pos          task[1] idx 1 of it: array, 1 element
 *                                      task[2] idx 0 of that: string, not complete  ◀ ridx
 *
 * Called by redis-cli.ts and cli_common.ts; calls posix. What differs from C: nothing is freed by hand, so the free
 * functions are gone; a command is formatted into a string and not into a malloc'ed block; there are no timeouts, no
 * source address and no async contexts, which redis-cli does not use.
 */
import { constants as bufferConstants } from 'node:buffer';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  EAGAIN,
  EALREADY,
  EHOSTUNREACH,
  EINPROGRESS,
  EINTR,
  EISCONN,
  ETIMEDOUT,
  F_GETFL,
  F_SETFL,
  gai_strerror,
  IPPROTO_TCP,
  O_NONBLOCK,
  posix,
  POLLOUT,
  SO_ERROR,
  SOCK_STREAM,
  sockaddr,
  SOL_SOCKET,
  strerror,
  TCP_NODELAY,
  type addrinfo,
} from '../posix/posix.ts';

export const REDIS_ERR = -1;
export const REDIS_OK = 0;

/* Kinds of error in redisContext.err and redisReader.err. */
export const REDIS_ERR_IO = 1;
export const REDIS_ERR_OTHER = 2;
export const REDIS_ERR_EOF = 3;
export const REDIS_ERR_PROTOCOL = 4;
export const REDIS_ERR_OOM = 5;
export const REDIS_ERR_TIMEOUT = 6;

/* Types of reply. */
export const REDIS_REPLY_STRING = 1;
export const REDIS_REPLY_ARRAY = 2;
export const REDIS_REPLY_INTEGER = 3;
export const REDIS_REPLY_NIL = 4;
export const REDIS_REPLY_STATUS = 5;
export const REDIS_REPLY_ERROR = 6;
export const REDIS_REPLY_DOUBLE = 7;
export const REDIS_REPLY_BOOL = 8;
export const REDIS_REPLY_MAP = 9;
export const REDIS_REPLY_SET = 10;
export const REDIS_REPLY_ATTR = 11;
export const REDIS_REPLY_PUSH = 12;
export const REDIS_REPLY_BIGNUM = 13;
export const REDIS_REPLY_VERB = 14;

/** How much idle buffer a reader may keep. */
export const REDIS_READER_MAX_BUF = 1024 * 16;
/** The most elements that an aggregate may announce. */
export const REDIS_READER_MAX_ARRAY_ELEMENTS = 2 ** 32 - 1;
/** How many levels of nesting a reader has room for at first, and gets when it runs out. */
export const REDIS_READER_STACK_SIZE = 9;

/* Flags of a context. */
export const REDIS_BLOCK = 0x1;
export const REDIS_CONNECTED = 0x2;

export const REDIS_CONN_TCP = 0;
export const REDIS_CONN_UNIX = 1;

export const REDIS_OPT_NONBLOCK = 0x01;
/** Keeps redisConnectWithOptions from installing the handler that drops pushes. */
export const REDIS_OPT_NO_PUSH_AUTOFREE = 0x08;

export const REDIS_INVALID_FD = -1;

/** `errstr` is a char[128] in C. */
const ERRSTR_MAX = 127;
/** A double longer than this is refused: the reader copies it into a buffer of 326 bytes in C. */
const DOUBLE_MAX_LEN = 326;
const LLONG_MAX = 0x7fffffffffffffffn;
const LLONG_MIN = -0x8000000000000000n;

/** One reply, or one element of a reply. Which fields mean something depends on `type`. */
export class redisReply {
  type: number;
  /** REDIS_REPLY_INTEGER; 1 or 0 of a REDIS_REPLY_BOOL. A bigint beyond 2^53-1. */
  integer: number | bigint = 0;
  /** REDIS_REPLY_DOUBLE. */
  dval = 0;
  /** The text of a string, verbatim string, status, error, bignum; of a double as it came over the wire. */
  str = '';
  /** The three letters before the colon of a REDIS_REPLY_VERB. */
  vtype = '';
  /** The elements of an aggregate; a map has key and value in turn. */
  element: (redisReply | null)[] = [];

  constructor(type: number) {
    this.type = type;
  }
}

/** What the reader is doing at one level of nesting. */
export class redisReadTask {
  /** REDIS_REPLY_*, or -1 while the type byte is not read. */
  type = -1;
  /** Elements of an aggregate, or -1. */
  elements = -1;
  /** Index in the parent. */
  idx = -1;
  /** The aggregate under construction. */
  obj: redisReply | null = null;
  parent: redisReadTask | null = null;
}

/** How a reader makes its objects. */
export interface redisReplyObjectFunctions {
  createString(task: redisReadTask, buf: Buffer, start: number, len: number): redisReply | null;
  createArray(task: redisReadTask, elements: number): redisReply | null;
  createInteger(task: redisReadTask, value: number | bigint): redisReply | null;
  createDouble(task: redisReadTask, value: number, str: string): redisReply | null;
  createNil(task: redisReadTask): redisReply | null;
  createBool(task: redisReadTask, bval: boolean): redisReply | null;
}

/** The state of parsing one stream of replies. */
export class redisReader {
  err = 0;
  errstr = '';
  /** Bytes 0 to len hold unparsed input from `pos` on; the rest of the buffer is room. */
  buf: Buffer;
  pos = 0;
  len = 0;
  maxbuf = REDIS_READER_MAX_BUF;
  maxelements = REDIS_READER_MAX_ARRAY_ELEMENTS;
  task: redisReadTask[] = [];
  /** Index of the current task, -1 between two replies. */
  ridx = -1;
  /** The root of the reply under construction. */
  reply: redisReply | null = null;
  fn: redisReplyObjectFunctions;

  constructor(fn: redisReplyObjectFunctions) {
    this.fn = fn;
    this.buf = Buffer.allocUnsafeSlow(1024);
  }
}

/** How a context reads and writes: the place where another transport puts itself in. */
export interface redisContextFuncs {
  read(c: redisContext, buf: Buffer, bufcap: number): number;
  write(c: redisContext): number;
}

/** Receives a RESP3 push that arrived where a reply was awaited. */
export type redisPushFn = (privdata: unknown, reply: redisReply) => void;

/** What redisConnectWithOptions is told. */
export interface redisOptions {
  type: typeof REDIS_CONN_TCP | typeof REDIS_CONN_UNIX;
  /** REDIS_OPT_* flags. */
  options: number;
  /** Address and port, or in `ip` the path of a Unix socket. */
  endpoint: { ip: string; port: number };
  push_cb: redisPushFn | null;
}

/** A connection. `err` is 0 while all is well; after an error the context is of no more use. */
export class redisContext {
  funcs: redisContextFuncs;
  err = 0;
  errstr = '';
  fd = REDIS_INVALID_FD;
  flags = 0;
  /** Commands not yet written. */
  obuf = '';
  reader: redisReader;
  connection_type: number = REDIS_CONN_TCP;
  tcp = { host: '', port: 0 };
  unix_sock = { path: '' };
  /** The address of the connect under way. */
  saddr: sockaddr = new sockaddr();
  privdata: unknown = null;
  push_cb: redisPushFn | null = null;
  /** Where redisBufferRead lets the socket write to: C has it on the stack. */
  inbuf: Buffer = Buffer.allocUnsafeSlow(1024 * 16);

  constructor(funcs: redisContextFuncs, reader: redisReader) {
    this.funcs = funcs;
    this.reader = reader;
  }
}

/** Sockets as the operating system has them. */
export const redisContextDefaultFuncs: redisContextFuncs = {
  read: redisNetRead,
  write: redisNetWrite,
};

/** The functions that build redisReply trees. */
const defaultFunctions: redisReplyObjectFunctions = {
  createString: createStringObject,
  createArray: createArrayObject,
  createInteger: createIntegerObject,
  createDouble: createDoubleObject,
  createNil: createNilObject,
  createBool: createBoolObject,
};

/* ---------------------------------------------------------------------------------------------------------------
 * read.c: the reply reader
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * Puts the reader into its error state, from which it does not come back: the input and the half-built reply are
 * dropped. The text is cut to 127 bytes.
 *
 * @own hiredis read.c:53 __redisReaderSetError
 */
export function __redisReaderSetError(r: redisReader, type: number, str: string): void {
  r.reply = null;
  r.buf = Buffer.alloc(0);
  r.pos = r.len = 0;
  r.ridx = -1;
  r.err = type;
  r.errstr = str.slice(0, ERRSTR_MAX);
}

/**
 * A byte in double quotes, as C would write it: escapes for control characters, `\xNN` for what is not printable.
 *
 * @own hiredis read.c:77 chrtos
 */
export function chrtos(byte: number): string {
  switch (byte) {
    case 0x5c:
    case 0x22:
      return `"\\${String.fromCharCode(byte)}"`;
    case 0x0a:
      return '"\\n"';
    case 0x0d:
      return '"\\r"';
    case 0x09:
      return '"\\t"';
    case 0x07:
      return '"\\a"';
    case 0x08:
      return '"\\b"';
    default:
      if (byte >= 0x20 && byte <= 0x7e) return `"${String.fromCharCode(byte)}"`;
      return `"\\x${byte.toString(16).padStart(2, '0')}"`;
  }
}

/**
 * Fails because `byte` introduces no type of reply that the reader knows. Attributes (`|`) are among the unknown.
 *
 * @own hiredis read.c:101 __redisReaderSetErrorProtocolByte
 */
export function __redisReaderSetErrorProtocolByte(r: redisReader, byte: number): void {
  __redisReaderSetError(
    r,
    REDIS_ERR_PROTOCOL,
    `Protocol error, got ${chrtos(byte)} as reply type byte`,
  );
}

/**
 * Fails because an object could not be made: here that is a string longer than V8 can hold.
 *
 * @own hiredis read.c:110 __redisReaderSetErrorOOM
 */
export function __redisReaderSetErrorOOM(r: redisReader): void {
  __redisReaderSetError(r, REDIS_ERR_OOM, 'Out of memory');
}

/**
 * Consumes `bytes` bytes; their position in `r.buf`, or -1 when not so many have arrived.
 *
 * @own hiredis read.c:114 readBytes
 */
export function readBytes(r: redisReader, bytes: number): number {
  if (r.len - r.pos >= bytes) {
    const p = r.pos;
    r.pos += bytes;
    return p;
  }
  return -1;
}

/**
 * The position of the first CR LF in the `len` bytes of `buf` from `s`, or -1.
 *
 * @own hiredis read.c:125 seekNewline
 */
export function seekNewline(buf: Buffer, s: number, len: number): number {
  // The last byte cannot begin a pair.
  const last = s + len - 1;
  for (let p = buf.indexOf(0x0d, s); p !== -1 && p < last; p = buf.indexOf(0x0d, p + 1)) {
    if (buf[p + 1] === 0x0a) return p;
  }
  return -1;
}

/**
 * The signed 64-bit integer that the `slen` bytes of `buf` from `s` spell exactly (no spaces, no `+`, no leading
 * zeroes), or null. Beyond 2^53-1 it is a bigint.
 *
 * @own hiredis read.c:162 string2ll
 */
export function string2ll(buf: Buffer, s: number, slen: number): number | bigint | null {
  let p = s;
  const end = s + slen;
  if (slen === 0) return null;
  if (slen === 1 && buf[p] === 0x30) return 0;

  let negative = false;
  if (buf[p] === 0x2d) {
    negative = true;
    p++;
    if (p === end) return null;
  }
  if (!(buf[p] >= 0x31 && buf[p] <= 0x39)) return null;

  let v = 0;
  const digits = p;
  for (; p < end; p++) {
    if (!(buf[p] >= 0x30 && buf[p] <= 0x39)) return null;
    v = v * 10 + (buf[p] - 0x30);
  }
  if (v <= Number.MAX_SAFE_INTEGER) return negative ? -v : v;
  if (end - digits > 19) return null;
  const big = BigInt(buf.toString('latin1', s, end));
  return big > LLONG_MAX || big < LLONG_MIN ? null : big;
}

/**
 * Consumes a line: the position of its first byte, or -1 when its end has not arrived. The line ends two bytes before
 * the new `r.pos`.
 *
 * @own hiredis read.c:225 readLine
 */
export function readLine(r: redisReader): number {
  const p = r.pos;
  const s = seekNewline(r.buf, p, r.len - p);
  if (s === -1) return -1;
  r.pos = s + 2;
  return p;
}

/**
 * Goes on to the next element: the next one of the innermost aggregate that has one left. With none left the reply is
 * complete and `ridx` becomes -1.
 *
 * @own hiredis read.c:240 moveToNextTask
 */
export function moveToNextTask(r: redisReader): void {
  while (r.ridx >= 0) {
    if (r.ridx === 0) {
      r.ridx--;
      return;
    }

    const cur = r.task[r.ridx];
    const prv = r.task[r.ridx - 1];
    if (cur.idx === prv.elements - 1) {
      r.ridx--;
    } else {
      cur.type = -1;
      cur.elements = -1;
      cur.idx++;
      return;
    }
  }
}

/**
 * Parses what fits on one line: error, status, integer, double, null, boolean, big number. REDIS_ERR when the line is
 * incomplete (`r.err` is 0 then) or malformed.
 *
 * @own hiredis read.c:268 processLineItem
 */
export function processLineItem(r: redisReader): number {
  const cur = r.task[r.ridx];
  const p = readLine(r);
  if (p === -1) return REDIS_ERR;
  const len = r.pos - 2 - p;
  let obj: redisReply | null;

  if (cur.type === REDIS_REPLY_INTEGER) {
    const v = string2ll(r.buf, p, len);
    if (v === null) {
      __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad integer value');
      return REDIS_ERR;
    }
    obj = r.fn.createInteger(cur, v);
  } else if (cur.type === REDIS_REPLY_DOUBLE) {
    if (len >= DOUBLE_MAX_LEN) {
      __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Double value is too large');
      return REDIS_ERR;
    }
    const buf = r.buf.toString('latin1', p, p + len);
    let d: number;
    if (/^inf$/i.test(buf)) {
      d = Infinity;
    } else if (/^-inf$/i.test(buf)) {
      d = -Infinity;
    } else {
      // Number() trims blanks and reads "" as 0 and "0b1" as 1; strtod would do neither, so the form is checked first.
      d = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(buf) ? Number(buf) : NaN;
      if (!Number.isFinite(d)) {
        __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad double value');
        return REDIS_ERR;
      }
    }
    obj = r.fn.createDouble(cur, d, buf);
  } else if (cur.type === REDIS_REPLY_NIL) {
    if (len !== 0) {
      __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad nil value');
      return REDIS_ERR;
    }
    obj = r.fn.createNil(cur);
  } else if (cur.type === REDIS_REPLY_BOOL) {
    if (len !== 1 || !'tTfF'.includes(String.fromCharCode(r.buf[p]))) {
      __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad bool value');
      return REDIS_ERR;
    }
    obj = r.fn.createBool(cur, r.buf[p] === 0x74 || r.buf[p] === 0x54);
  } else if (cur.type === REDIS_REPLY_BIGNUM) {
    for (let i = 0; i < len; i++) {
      if (i === 0 && r.buf[p] === 0x2d) continue;
      if (r.buf[p + i] < 0x30 || r.buf[p + i] > 0x39) {
        __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad bignum value');
        return REDIS_ERR;
      }
    }
    obj = r.fn.createString(cur, r.buf, p, len);
  } else {
    // An error or a status.
    for (let i = 0; i < len; i++) {
      if (r.buf[p + i] === 0x0d || r.buf[p + i] === 0x0a) {
        __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad simple string value');
        return REDIS_ERR;
      }
    }
    obj = r.fn.createString(cur, r.buf, p, len);
  }

  if (obj === null) {
    __redisReaderSetErrorOOM(r);
    return REDIS_ERR;
  }

  if (r.ridx === 0) r.reply = obj;
  moveToNextTask(r);
  return REDIS_OK;
}

/**
 * Parses a bulk or verbatim string, which is consumed only as a whole. REDIS_ERR when bytes are missing (`r.err` is 0
 * then) or malformed.
 *
 * @own hiredis read.c:394 processBulkItem
 */
export function processBulkItem(r: redisReader): number {
  const cur = r.task[r.ridx];
  const s = seekNewline(r.buf, r.pos, r.len - r.pos);
  if (s === -1) return REDIS_ERR;

  // Bytes of the item from r.pos on: the line with the length, and below the string with its CR LF.
  let bytelen = s - r.pos + 2;
  const len = string2ll(r.buf, r.pos, bytelen - 2);
  if (len === null) {
    __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad bulk string length');
    return REDIS_ERR;
  }
  if (len < -1) {
    __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bulk string length out of range');
    return REDIS_ERR;
  }

  let obj: redisReply | null;
  if (len === -1) {
    obj = r.fn.createNil(cur);
  } else {
    bytelen += Number(len) + 2;
    if (r.pos + bytelen > r.len) return REDIS_ERR;
    if (
      (cur.type === REDIS_REPLY_VERB && len < 4) ||
      (cur.type === REDIS_REPLY_VERB && r.buf[s + 5] !== 0x3a)
    ) {
      __redisReaderSetError(
        r,
        REDIS_ERR_PROTOCOL,
        'Verbatim string 4 bytes of content type are missing or incorrectly encoded.',
      );
      return REDIS_ERR;
    }
    obj = r.fn.createString(cur, r.buf, s + 2, Number(len));
  }

  if (obj === null) {
    __redisReaderSetErrorOOM(r);
    return REDIS_ERR;
  }
  r.pos += bytelen;
  if (r.ridx === 0) r.reply = obj;
  moveToNextTask(r);
  return REDIS_OK;
}

/**
 * Makes room for nine more levels of nesting.
 *
 * @own hiredis read.c:466 redisReaderGrow
 */
export function redisReaderGrow(r: redisReader): number {
  const newlen = r.task.length + REDIS_READER_STACK_SIZE;
  while (r.task.length < newlen) r.task.push(new redisReadTask());
  return REDIS_OK;
}

/**
 * Parses the head of an array, map, set or push, and opens a task for its first element. REDIS_ERR when the line is
 * incomplete (`r.err` is 0 then) or malformed.
 *
 * @own hiredis read.c:492 processAggregateItem
 */
export function processAggregateItem(r: redisReader): number {
  const cur = r.task[r.ridx];
  if (r.ridx === r.task.length - 1) {
    if (redisReaderGrow(r) === REDIS_ERR) return REDIS_ERR;
  }

  const p = readLine(r);
  if (p === -1) return REDIS_ERR;
  const value = string2ll(r.buf, p, r.pos - 2 - p);
  if (value === null) {
    __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Bad multi-bulk length');
    return REDIS_ERR;
  }

  const root = r.ridx === 0;
  let elements = Number(value);
  if (elements < -1 || (r.maxelements > 0 && elements > r.maxelements)) {
    __redisReaderSetError(r, REDIS_ERR_PROTOCOL, 'Multi-bulk length out of range');
    return REDIS_ERR;
  }

  let obj: redisReply | null;
  if (elements === -1) {
    obj = r.fn.createNil(cur);
    if (obj === null) {
      __redisReaderSetErrorOOM(r);
      return REDIS_ERR;
    }
    moveToNextTask(r);
  } else {
    if (cur.type === REDIS_REPLY_MAP) elements *= 2;
    obj = r.fn.createArray(cur, elements);
    if (obj === null) {
      __redisReaderSetErrorOOM(r);
      return REDIS_ERR;
    }

    if (elements > 0) {
      cur.elements = elements;
      cur.obj = obj;
      r.ridx++;
      r.task[r.ridx].type = -1;
      r.task[r.ridx].elements = -1;
      r.task[r.ridx].idx = 0;
      r.task[r.ridx].obj = null;
      r.task[r.ridx].parent = cur;
    } else {
      moveToNextTask(r);
    }
  }

  if (root) r.reply = obj;
  return REDIS_OK;
}

/**
 * Parses one item: its type byte, if not yet read, and the rest. REDIS_ERR when more input is needed or on an error.
 *
 * @own hiredis read.c:570 processItem
 */
export function processItem(r: redisReader): number {
  const cur = r.task[r.ridx];

  if (cur.type < 0) {
    const p = readBytes(r, 1);
    if (p === -1) return REDIS_ERR;
    switch (r.buf[p]) {
      case 0x2d: // -
        cur.type = REDIS_REPLY_ERROR;
        break;
      case 0x2b: // +
        cur.type = REDIS_REPLY_STATUS;
        break;
      case 0x3a: // :
        cur.type = REDIS_REPLY_INTEGER;
        break;
      case 0x2c: // ,
        cur.type = REDIS_REPLY_DOUBLE;
        break;
      case 0x5f: // _
        cur.type = REDIS_REPLY_NIL;
        break;
      case 0x24: // $
        cur.type = REDIS_REPLY_STRING;
        break;
      case 0x2a: // *
        cur.type = REDIS_REPLY_ARRAY;
        break;
      case 0x25: // %
        cur.type = REDIS_REPLY_MAP;
        break;
      case 0x7e: // ~
        cur.type = REDIS_REPLY_SET;
        break;
      case 0x23: // #
        cur.type = REDIS_REPLY_BOOL;
        break;
      case 0x3d: // =
        cur.type = REDIS_REPLY_VERB;
        break;
      case 0x3e: // >
        cur.type = REDIS_REPLY_PUSH;
        break;
      case 0x28: // (
        cur.type = REDIS_REPLY_BIGNUM;
        break;
      default:
        __redisReaderSetErrorProtocolByte(r, r.buf[p]);
        return REDIS_ERR;
    }
  }

  switch (cur.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_VERB:
      return processBulkItem(r);
    case REDIS_REPLY_ARRAY:
    case REDIS_REPLY_MAP:
    case REDIS_REPLY_SET:
    case REDIS_REPLY_PUSH:
      return processAggregateItem(r);
    default:
      return processLineItem(r);
  }
}

/**
 * A reader that builds its objects through `fn`.
 *
 * @own hiredis read.c:651 redisReaderCreateWithFunctions
 */
export function redisReaderCreateWithFunctions(fn: redisReplyObjectFunctions): redisReader {
  const r = new redisReader(fn);
  redisReaderGrow(r);
  return r;
}

/**
 * Appends `len` bytes of `buf` to the input. REDIS_ERR when the reader is in its error state.
 *
 * @own hiredis read.c:703 redisReaderFeed
 */
export function redisReaderFeed(r: redisReader, buf: Buffer, len: number): number {
  if (r.err) return REDIS_ERR;

  if (len >= 1) {
    // Give back a large buffer that a large reply left behind.
    if (r.len === 0 && r.maxbuf !== 0 && r.buf.length > r.maxbuf) {
      r.buf = Buffer.allocUnsafeSlow(1024);
      r.pos = 0;
    }
    if (r.len + len > r.buf.length) {
      // Doubling, where sds stops at one MiB: there is no realloc that could move pages here.
      const grown = Buffer.allocUnsafeSlow((r.len + len) * 2);
      r.buf.copy(grown, 0, 0, r.len);
      r.buf = grown;
    }
    buf.copy(r.buf, r.len, 0, len);
    r.len += len;
  }
  return REDIS_OK;
}

/**
 * The next complete reply; null when bytes are missing; REDIS_ERR when the stream is broken (see `r.err`). The three
 * results of C's status and out-parameter in one.
 *
 * @own hiredis read.c:734 redisReaderGetReply
 */
export function redisReaderGetReply(r: redisReader): redisReply | null | typeof REDIS_ERR {
  if (r.err) return REDIS_ERR;
  if (r.len === 0) return null;

  if (r.ridx === -1) {
    r.task[0].type = -1;
    r.task[0].elements = -1;
    r.task[0].idx = -1;
    r.task[0].obj = null;
    r.task[0].parent = null;
    r.ridx = 0;
  }

  while (r.ridx >= 0) if (processItem(r) !== REDIS_OK) break;
  if (r.err) return REDIS_ERR;

  // Moving the rest down is worth it once a kilobyte was consumed.
  if (r.pos >= 1024) {
    r.buf.copy(r.buf, 0, r.pos, r.len);
    r.len -= r.pos;
    r.pos = 0;
  }

  let reply: redisReply | null = null;
  if (r.ridx === -1) {
    reply = r.reply;
    r.reply = null;
  }
  return reply;
}

/* ---------------------------------------------------------------------------------------------------------------
 * hiredis.c: reply objects, commands, contexts
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * An empty reply of a type.
 *
 * @own hiredis hiredis.c:79 createReplyObject
 */
export function createReplyObject(type: number): redisReply {
  return new redisReply(type);
}

/**
 * A reply of the task's type with the `len` bytes of `buf` from `start`, hung into the parent. A verbatim string is
 * split into its three letters and its text. null when V8 cannot hold so long a string.
 *
 * @own hiredis hiredis.c:124 createStringObject
 */
export function createStringObject(
  task: redisReadTask,
  buf: Buffer,
  start: number,
  len: number,
): redisReply | null {
  const r = createReplyObject(task.type);
  if (len > bufferConstants.MAX_STRING_LENGTH) return null;
  if (task.type === REDIS_REPLY_VERB) {
    r.vtype = buf.toString('latin1', start, start + 3);
    r.str = buf.toString('latin1', start + 4, start + len);
  } else {
    r.str = buf.toString('latin1', start, start + len);
  }
  if (task.parent !== null) task.parent.obj!.element[task.idx] = r;
  return r;
}

/**
 * An aggregate of the task's type, hung into the parent; its elements come later. The number is only announced by the
 * other side, so nothing is reserved for it.
 *
 * @own hiredis hiredis.c:173 createArrayObject
 */
export function createArrayObject(task: redisReadTask, _elements: number): redisReply | null {
  const r = createReplyObject(task.type);
  if (task.parent !== null) task.parent.obj!.element[task.idx] = r;
  return r;
}

/**
 * An integer reply, hung into the parent.
 *
 * @own hiredis hiredis.c:201 createIntegerObject
 */
export function createIntegerObject(
  task: redisReadTask,
  value: number | bigint,
): redisReply | null {
  const r = createReplyObject(REDIS_REPLY_INTEGER);
  r.integer = value;
  if (task.parent !== null) task.parent.obj!.element[task.idx] = r;
  return r;
}

/**
 * A double reply, hung into the parent. It keeps the text of the wire, which the server has made easy to read.
 *
 * @own hiredis hiredis.c:221 createDoubleObject
 */
export function createDoubleObject(
  task: redisReadTask,
  value: number,
  str: string,
): redisReply | null {
  const r = createReplyObject(REDIS_REPLY_DOUBLE);
  r.dval = value;
  r.str = str;
  if (task.parent !== null) task.parent.obj!.element[task.idx] = r;
  return r;
}

/**
 * A null reply, hung into the parent.
 *
 * @own hiredis hiredis.c:255 createNilObject
 */
export function createNilObject(task: redisReadTask): redisReply | null {
  const r = createReplyObject(REDIS_REPLY_NIL);
  if (task.parent !== null) task.parent.obj!.element[task.idx] = r;
  return r;
}

/**
 * A boolean reply, hung into the parent.
 *
 * @own hiredis hiredis.c:273 createBoolObject
 */
export function createBoolObject(task: redisReadTask, bval: boolean): redisReply | null {
  const r = createReplyObject(REDIS_REPLY_BOOL);
  r.integer = bval ? 1 : 0;
  if (task.parent !== null) task.parent.obj!.element[task.idx] = r;
  return r;
}

/**
 * The request for a format: words separated by spaces, in which `%s` and `%b` stand for a string (with or without
 * spaces, it stays in its word), `%d %i %u` with any of `hh h l ll` for an integer, `%%` for a percent sign. null for
 * another conversion. C's `%b` takes the length as a second argument; a string here knows it.
 *
 * @own hiredis hiredis.c:312 redisvFormatCommand
 */
export function redisvFormatCommand(
  format: string,
  ap: readonly (string | number | bigint)[],
): string | null {
  const argv: string[] = [];
  let curarg = '';
  let touched = false;
  let next = 0;

  for (let c = 0; c < format.length; c++) {
    if (format[c] !== '%' || c + 1 === format.length) {
      if (format[c] === ' ') {
        if (touched) {
          argv.push(curarg);
          curarg = '';
          touched = false;
        }
      } else {
        curarg += format[c];
        touched = true;
      }
      continue;
    }

    if (format[c + 1] === '%') {
      curarg += '%';
      c++;
    } else {
      const conversion = /^(?:[sb]|(?:hh|h|ll|l)?[diu])/.exec(format.slice(c + 1));
      if (conversion === null) return null;
      curarg += String(ap[next++]);
      c += conversion[0].length;
    }
    // Even an empty string makes an argument.
    touched = true;
  }
  if (touched) argv.push(curarg);
  return redisFormatSdsCommandArgv(argv);
}

/**
 * The request for a format and its values, see {@link redisvFormatCommand}.
 *
 * @own hiredis hiredis.c:554 redisFormatCommand
 */
export function redisFormatCommand(
  format: string,
  ...ap: (string | number | bigint)[]
): string | null {
  return redisvFormatCommand(format, ap);
}

/**
 * The request for a list of arguments, as an array of bulk strings.
 *
 * @own hiredis hiredis.c:575 redisFormatSdsCommandArgv
 */
export function redisFormatSdsCommandArgv(argv: readonly string[]): string {
  let cmd = `*${argv.length}\r\n`;
  for (const arg of argv) cmd += `$${arg.length}\r\n${arg}\r\n`;
  return cmd;
}

/**
 * The same as {@link redisFormatSdsCommandArgv}: C has one that makes an sds and one that makes a plain string.
 *
 * @own hiredis hiredis.c:631 redisFormatCommandArgv
 */
export function redisFormatCommandArgv(argv: readonly string[]): string {
  return redisFormatSdsCommandArgv(argv);
}

/**
 * Records why the context failed. With null it is errno, which only an I/O error may do. The text is cut to 127 bytes.
 *
 * @own hiredis hiredis.c:673 __redisSetError
 */
export function __redisSetError(c: redisContext, type: number, str: string | null): void {
  c.err = type;
  c.errstr = (str ?? strerror(posix.errno)).slice(0, ERRSTR_MAX);
}

/**
 * A reader that builds redisReply trees.
 *
 * @own hiredis hiredis.c:689 redisReaderCreate
 */
export function redisReaderCreate(): redisReader {
  return redisReaderCreateWithFunctions(defaultFunctions);
}

/**
 * The push handler of a fresh context: drops the message.
 *
 * @own hiredis hiredis.c:693 redisPushAutoFree
 */
export function redisPushAutoFree(_privdata: unknown, _reply: redisReply): void {
  // A push that nobody asked for must not be taken for the reply that somebody waits for.
}

/**
 * A context that is not connected.
 *
 * @own hiredis hiredis.c:698 redisContextInit
 */
export function redisContextInit(): redisContext {
  return new redisContext(redisContextDefaultFuncs, redisReaderCreate());
}

/**
 * Closes the connection. null is accepted.
 *
 * @own hiredis hiredis.c:719 redisFree
 */
export function redisFree(c: redisContext | null): void {
  if (c === null) return;
  redisNetClose(c);
}

/**
 * Connects as told. The context is returned in any case; when it could not connect its `err` is set.
 *
 * @own hiredis hiredis.c:792 redisConnectWithOptions
 */
export function redisConnectWithOptions(options: redisOptions): redisContext {
  const c = redisContextInit();
  if (!(options.options & REDIS_OPT_NONBLOCK)) c.flags |= REDIS_BLOCK;

  if (options.push_cb !== null) redisSetPushCallback(c, options.push_cb);
  else if (!(options.options & REDIS_OPT_NO_PUSH_AUTOFREE))
    redisSetPushCallback(c, redisPushAutoFree);

  if (options.type === REDIS_CONN_TCP) {
    redisContextConnectTcp(c, options.endpoint.ip, options.endpoint.port);
  } else {
    redisContextConnectUnix(c, options.endpoint.ip);
  }
  return c;
}

/**
 * A blocking connection over TCP to a name or an address. Look at `err` of what is returned.
 *
 * @own hiredis hiredis.c:851 redisConnect
 */
export function redisConnect(ip: string, port: number): redisContext {
  return redisConnectWithOptions({
    type: REDIS_CONN_TCP,
    options: 0,
    endpoint: { ip, port },
    push_cb: null,
  });
}

/**
 * A blocking connection to a Unix socket. Look at `err` of what is returned.
 *
 * @own hiredis hiredis.c:889 redisConnectUnix
 */
export function redisConnectUnix(path: string): redisContext {
  return redisConnectWithOptions({
    type: REDIS_CONN_UNIX,
    options: 0,
    endpoint: { ip: path, port: 0 },
    push_cb: null,
  });
}

/**
 * Sets who receives pushes (null: they are returned like replies) and returns who did before.
 *
 * @own hiredis hiredis.c:931 redisSetPushCallback
 */
export function redisSetPushCallback(c: redisContext, fn: redisPushFn | null): redisPushFn | null {
  const old = c.push_cb;
  c.push_cb = fn;
  return old;
}

/**
 * Reads once from the connection and feeds the reader. REDIS_ERR with `c.err` set when the connection failed.
 *
 * @own hiredis hiredis.c:942 redisBufferRead
 */
export function redisBufferRead(c: redisContext): number {
  if (c.err) return REDIS_ERR;

  const nread = c.funcs.read(c, c.inbuf, c.inbuf.length);
  if (nread < 0) return REDIS_ERR;
  if (nread > 0 && redisReaderFeed(c.reader, c.inbuf, nread) !== REDIS_OK) {
    __redisSetError(c, c.reader.err, c.reader.errstr);
    return REDIS_ERR;
  }
  return REDIS_OK;
}

/**
 * Writes what it can of the output buffer: 1 when it is empty now, 0 when something is left, REDIS_ERR with `c.err`
 * set when the connection failed. (C's status and its `done` in one.)
 *
 * @own hiredis hiredis.c:970 redisBufferWrite
 */
export function redisBufferWrite(c: redisContext): number {
  if (c.err) return REDIS_ERR;

  if (c.obuf.length > 0) {
    const nwritten = c.funcs.write(c);
    if (nwritten < 0) return REDIS_ERR;
    if (nwritten > 0) c.obuf = c.obuf.slice(nwritten);
  }
  return c.obuf.length === 0 ? 1 : 0;
}

/**
 * Hands a push to the handler of the context, if both are there. True when it did, so that it is no reply.
 *
 * @own hiredis hiredis.c:1001 redisHandledPushReply
 */
export function redisHandledPushReply(c: redisContext, reply: redisReply | null): boolean {
  if (reply !== null && c.push_cb !== null && reply.type === REDIS_REPLY_PUSH) {
    c.push_cb(c.privdata, reply);
    return true;
  }
  return false;
}

/**
 * The next reply among what has been read: null when there is none, REDIS_ERR with `c.err` set on broken input.
 *
 * @own hiredis hiredis.c:1011 redisGetReplyFromReader
 */
export function redisGetReplyFromReader(c: redisContext): redisReply | null | typeof REDIS_ERR {
  const reply = redisReaderGetReply(c.reader);
  if (reply === REDIS_ERR) __redisSetError(c, c.reader.err, c.reader.errstr);
  return reply;
}

/**
 * As {@link redisGetReplyFromReader}, with the pushes on the way handed to their handler.
 *
 * @own hiredis hiredis.c:1023 redisNextInBandReplyFromReader
 */
export function redisNextInBandReplyFromReader(
  c: redisContext,
): redisReply | null | typeof REDIS_ERR {
  let reply: redisReply | null | typeof REDIS_ERR;
  do {
    reply = redisGetReplyFromReader(c);
    if (reply === REDIS_ERR) return REDIS_ERR;
  } while (redisHandledPushReply(c, reply));
  return reply;
}

/**
 * The next reply. On a blocking context it first sends what waits in the output buffer and then blocks until there is
 * a reply; on another one null may come back. REDIS_ERR with `c.err` set when the connection or the protocol broke.
 *
 * @own hiredis hiredis.c:1032 redisGetReply
 */
export function redisGetReply(c: redisContext): redisReply | null | typeof REDIS_ERR {
  let aux = redisNextInBandReplyFromReader(c);
  if (aux === REDIS_ERR) return REDIS_ERR;

  if (aux === null && c.flags & REDIS_BLOCK) {
    let wdone: number;
    do {
      wdone = redisBufferWrite(c);
      if (wdone === REDIS_ERR) return REDIS_ERR;
    } while (!wdone);

    do {
      if (redisBufferRead(c) === REDIS_ERR) return REDIS_ERR;
      aux = redisNextInBandReplyFromReader(c);
      if (aux === REDIS_ERR) return REDIS_ERR;
    } while (aux === null);
  }
  return aux;
}

/**
 * Appends a formatted request to the output buffer.
 *
 * @own hiredis hiredis.c:1075 __redisAppendCommand
 */
export function __redisAppendCommand(c: redisContext, cmd: string): number {
  c.obuf += cmd;
  return REDIS_OK;
}

/**
 * Formats a request (see {@link redisvFormatCommand}) into the output buffer. REDIS_ERR with `c.err` set when the
 * format is wrong.
 *
 * @own hiredis hiredis.c:1097 redisvAppendCommand
 */
export function redisvAppendCommand(
  c: redisContext,
  format: string,
  ap: readonly (string | number | bigint)[],
): number {
  const cmd = redisvFormatCommand(format, ap);
  if (cmd === null) {
    __redisSetError(c, REDIS_ERR_OTHER, 'Invalid format string');
    return REDIS_ERR;
  }
  return __redisAppendCommand(c, cmd);
}

/**
 * Puts a request for these arguments into the output buffer; the reply is for {@link redisGetReply}.
 *
 * @own hiredis hiredis.c:1129 redisAppendCommandArgv
 */
export function redisAppendCommandArgv(c: redisContext, argv: readonly string[]): number {
  return __redisAppendCommand(c, redisFormatSdsCommandArgv(argv));
}

/**
 * The reply to a request just appended; null with `c.err` set when none could be had.
 *
 * @own hiredis hiredis.c:1159 __redisBlockForReply
 */
export function __redisBlockForReply(c: redisContext): redisReply | null {
  if (c.flags & REDIS_BLOCK) {
    const reply = redisGetReply(c);
    return reply === REDIS_ERR ? null : reply;
  }
  return null;
}

/**
 * Sends a request and waits for its reply; null with `c.err` set when that failed.
 *
 * @own hiredis hiredis.c:1170 redisvCommand
 */
export function redisvCommand(
  c: redisContext,
  format: string,
  ap: readonly (string | number | bigint)[],
): redisReply | null {
  if (redisvAppendCommand(c, format, ap) !== REDIS_OK) return null;
  return __redisBlockForReply(c);
}

/**
 * Sends a request and waits for its reply; null with `c.err` set when that failed. An error of the server is a reply.
 *
 * @own hiredis hiredis.c:1176 redisCommand
 */
export function redisCommand(
  c: redisContext,
  format: string,
  ...ap: (string | number | bigint)[]
): redisReply | null {
  return redisvCommand(c, format, ap);
}

/* ---------------------------------------------------------------------------------------------------------------
 * net.c: sockets
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * Closes the socket, if there is one.
 *
 * @own hiredis net.c:53 redisNetClose
 */
export function redisNetClose(c: redisContext): void {
  if (c.fd !== REDIS_INVALID_FD) {
    posix.close(c.fd);
    c.fd = REDIS_INVALID_FD;
  }
}

/**
 * Reads up to `bufcap` bytes: the count, 0 to try again, -1 with `c.err` set on an error or at the end of the stream.
 *
 * @own hiredis net.c:60 redisNetRead
 */
export function redisNetRead(c: redisContext, buf: Buffer, bufcap: number): number {
  const nread = posix.read(c.fd, buf, 0, bufcap);
  if (nread === -1) {
    if ((posix.errno === EAGAIN && !(c.flags & REDIS_BLOCK)) || posix.errno === EINTR) return 0;
    if (posix.errno === ETIMEDOUT && c.flags & REDIS_BLOCK) {
      __redisSetError(c, REDIS_ERR_TIMEOUT, 'recv timeout');
      return -1;
    }
    __redisSetError(c, REDIS_ERR_IO, null);
    return -1;
  }
  if (nread === 0) {
    __redisSetError(c, REDIS_ERR_EOF, 'Server closed the connection');
    return -1;
  }
  return nread;
}

/**
 * Writes the output buffer: the count of bytes, 0 to try again, -1 with `c.err` set on an error.
 *
 * @own hiredis net.c:82 redisNetWrite
 */
export function redisNetWrite(c: redisContext): number {
  const obuf = Buffer.from(c.obuf, 'latin1');
  const nwritten = posix.write(c.fd, obuf, 0, obuf.length);
  if (nwritten < 0) {
    // C hands -1 on for EINTR, too, and its caller takes that for an error that nobody has described.
    if ((posix.errno === EAGAIN && !(c.flags & REDIS_BLOCK)) || posix.errno === EINTR) return 0;
    __redisSetError(c, REDIS_ERR_IO, null);
    return -1;
  }
  return nwritten;
}

/**
 * Records errno as the reason, with `prefix` and a colon before it if there is one.
 *
 * @own hiredis net.c:95 __redisSetErrorFromErrno
 */
export function __redisSetErrorFromErrno(
  c: redisContext,
  type: number,
  prefix: string | null,
): void {
  __redisSetError(c, type, (prefix === null ? '' : `${prefix}: `) + strerror(posix.errno));
}

/**
 * Makes the socket of a Unix connection. REDIS_ERR with `c.err` set when that fails.
 *
 * @own hiredis net.c:116 redisCreateSocket
 */
export function redisCreateSocket(c: redisContext, type: number): number {
  const s = posix.socket(type, SOCK_STREAM, 0);
  if (s === REDIS_INVALID_FD) {
    __redisSetErrorFromErrno(c, REDIS_ERR_IO, null);
    return REDIS_ERR;
  }
  c.fd = s;
  return REDIS_OK;
}

/**
 * Makes the socket blocking or not. On failure it is closed: REDIS_ERR with `c.err` set.
 *
 * @own hiredis net.c:131 redisSetBlocking
 */
export function redisSetBlocking(c: redisContext, blocking: boolean): number {
  let flags = posix.fcntl(c.fd, F_GETFL, 0);
  if (flags === -1) {
    __redisSetErrorFromErrno(c, REDIS_ERR_IO, 'fcntl(F_GETFL)');
    redisNetClose(c);
    return REDIS_ERR;
  }
  if (blocking) flags &= ~O_NONBLOCK;
  else flags |= O_NONBLOCK;
  if (posix.fcntl(c.fd, F_SETFL, flags) === -1) {
    __redisSetErrorFromErrno(c, REDIS_ERR_IO, 'fcntl(F_SETFL)');
    redisNetClose(c);
    return REDIS_ERR;
  }
  return REDIS_OK;
}

/**
 * Sends small requests at once. On failure the socket is closed: REDIS_ERR with `c.err` set.
 *
 * @own hiredis net.c:206 redisSetTcpNoDelay
 */
export function redisSetTcpNoDelay(c: redisContext): number {
  if (posix.setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, 1) === -1) {
    __redisSetErrorFromErrno(c, REDIS_ERR_IO, 'setsockopt(TCP_NODELAY)');
    redisNetClose(c);
    return REDIS_ERR;
  }
  return REDIS_OK;
}

/**
 * After a connect that returned -1: waits until it is through if it is only under way (`msec` -1: for ever). On
 * failure REDIS_ERR with `c.err` set.
 *
 * @own hiredis net.c:241 redisContextWaitReady
 */
export function redisContextWaitReady(c: redisContext, msec: number): number {
  if (posix.errno === EINPROGRESS) {
    const res = posix.poll([{ fd: c.fd, events: POLLOUT, revents: 0 }], 1, msec);
    if (res === -1) {
      __redisSetErrorFromErrno(c, REDIS_ERR_IO, 'poll(2)');
      redisNetClose(c);
      return REDIS_ERR;
    } else if (res === 0) {
      posix.errno = ETIMEDOUT;
      __redisSetErrorFromErrno(c, REDIS_ERR_IO, null);
      redisNetClose(c);
      return REDIS_ERR;
    }

    if (redisCheckConnectDone(c) !== 1) {
      redisCheckSocketError(c);
      return REDIS_ERR;
    }
    return REDIS_OK;
  }

  __redisSetErrorFromErrno(c, REDIS_ERR_IO, null);
  redisNetClose(c);
  return REDIS_ERR;
}

/**
 * Asks the kernel how far the connect is, by trying it again: 1 connected, 0 under way, REDIS_ERR failed (errno says
 * why). C's status and its `completed` in one.
 *
 * @own hiredis net.c:274 redisCheckConnectDone
 */
export function redisCheckConnectDone(c: redisContext): number {
  if (posix.connect(c.fd, c.saddr) === 0) return 1;
  switch (posix.errno) {
    case EISCONN:
      return 1;
    case EALREADY:
    case EINPROGRESS:
    case EAGAIN:
      return 0;
    default:
      return REDIS_ERR;
  }
}

/**
 * Records why the socket failed: its pending error, or else errno. REDIS_OK when there is neither.
 *
 * @own hiredis net.c:294 redisCheckSocketError
 */
export function redisCheckSocketError(c: redisContext): number {
  const errno_saved = posix.errno;
  let err = posix.getsockopt(c.fd, SOL_SOCKET, SO_ERROR);
  if (err === -1) {
    __redisSetErrorFromErrno(c, REDIS_ERR_IO, 'getsockopt(SO_ERROR)');
    return REDIS_ERR;
  }
  if (err === 0) err = errno_saved;
  if (err) {
    posix.errno = err;
    __redisSetErrorFromErrno(c, REDIS_ERR_IO, null);
    return REDIS_ERR;
  }
  return REDIS_OK;
}

/**
 * Resolves `addr` (IPv4 first: asking for both would slow down every connect where there is no IPv6) and connects to
 * the first address that can be reached. REDIS_ERR with `c.err` set when there is none.
 *
 * @own hiredis net.c:363 _redisContextConnectTcp
 */
export function _redisContextConnectTcp(c: redisContext, addr: string, port: number): number {
  const blocking = (c.flags & REDIS_BLOCK) !== 0;
  c.connection_type = REDIS_CONN_TCP;
  c.tcp.port = port;
  c.tcp.host = addr;

  // The port is printed into a char[6] in C.
  const _port = String(port).slice(0, 5);
  const hints = { ai_family: AF_INET, ai_socktype: SOCK_STREAM, ai_flags: 0 };
  let servinfo: addrinfo[] | number = posix.getaddrinfo(addr, _port, hints);
  if (typeof servinfo === 'number') {
    hints.ai_family = AF_INET6;
    servinfo = posix.getaddrinfo(addr, _port, hints);
    if (typeof servinfo === 'number') {
      __redisSetError(c, REDIS_ERR_OTHER, gai_strerror(servinfo));
      return REDIS_ERR;
    }
  }

  for (const p of servinfo) {
    const s = posix.socket(p.ai_family, p.ai_socktype, p.ai_protocol);
    if (s === REDIS_INVALID_FD) continue;

    c.fd = s;
    if (redisSetBlocking(c, false) !== REDIS_OK) return REDIS_ERR;
    c.saddr = p.ai_addr;
    if (posix.connect(s, p.ai_addr) === -1) {
      if (posix.errno === EHOSTUNREACH) {
        redisNetClose(c);
        continue;
      } else if (posix.errno === EINPROGRESS && !blocking) {
        // It goes on in the background.
      } else {
        if (redisContextWaitReady(c, -1) !== REDIS_OK) return REDIS_ERR;
        if (redisSetTcpNoDelay(c) !== REDIS_OK) return REDIS_ERR;
      }
    }
    if (blocking && redisSetBlocking(c, true) !== REDIS_OK) return REDIS_ERR;

    c.flags |= REDIS_CONNECTED;
    return REDIS_OK;
  }
  __redisSetError(c, REDIS_ERR_OTHER, `Can't create socket: ${strerror(posix.errno)}`);
  return REDIS_ERR;
}

/**
 * Connects the context to a name or an address.
 *
 * @own hiredis net.c:536 redisContextConnectTcp
 */
export function redisContextConnectTcp(c: redisContext, addr: string, port: number): number {
  return _redisContextConnectTcp(c, addr, port);
}

/**
 * Connects the context to a Unix socket. REDIS_ERR with `c.err` set on failure.
 *
 * @own hiredis net.c:547 redisContextConnectUnix
 */
export function redisContextConnectUnix(c: redisContext, path: string): number {
  const blocking = (c.flags & REDIS_BLOCK) !== 0;
  if (redisCreateSocket(c, AF_UNIX) < 0) return REDIS_ERR;
  if (redisSetBlocking(c, false) !== REDIS_OK) return REDIS_ERR;

  c.connection_type = REDIS_CONN_UNIX;
  c.unix_sock.path = path;
  c.saddr = new sockaddr();
  c.saddr.sa_family = AF_UNIX;
  // sun_path is a char[108]: C cuts the path so that its terminator fits.
  c.saddr.address = path.slice(0, 107);
  if (posix.connect(c.fd, c.saddr) === -1) {
    if (!(posix.errno === EINPROGRESS && !blocking)) {
      if (redisContextWaitReady(c, -1) !== REDIS_OK) return REDIS_ERR;
    }
  }
  if (blocking && redisSetBlocking(c, true) !== REDIS_OK) return REDIS_ERR;

  c.flags |= REDIS_CONNECTED;
  return REDIS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------
 * sds.c: quoting
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * `s` with `p` behind it in double quotes, everything that is not printable ASCII escaped so that
 * {@link sdssplitargs} reads it back.
 *
 * @own hiredis sds.c:872 hi_sdscatrepr
 */
export function sdscatrepr(s: string, p: string): string {
  let run = 0;
  let out = s + '"';
  for (let i = 0; i < p.length; i++) {
    const c = p.charCodeAt(i);
    if (c >= 0x20 && c <= 0x7e && c !== 0x5c && c !== 0x22) continue;
    out += p.slice(run, i);
    run = i + 1;
    switch (c) {
      case 0x5c:
      case 0x22:
        out += '\\' + p[i];
        break;
      case 0x0a:
        out += '\\n';
        break;
      case 0x0d:
        out += '\\r';
        break;
      case 0x09:
        out += '\\t';
        break;
      case 0x07:
        out += '\\a';
        break;
      case 0x08:
        out += '\\b';
        break;
      default:
        out += '\\x' + c.toString(16).padStart(2, '0');
        break;
    }
  }
  return out + p.slice(run) + '"';
}

/** isspace(3) in the C locale. @own libc */
export function isspace(c: number): boolean {
  return c === 0x20 || (c >= 0x09 && c <= 0x0d);
}

/**
 * The words of a line as a shell would see them: separated by blanks, `"..."` with the escapes of
 * {@link sdscatrepr}, `'...'` with `\'` only. null when a quote is not closed or text follows a closing quote. The line
 * ends at its first NUL.
 *
 * @own hiredis sds.c:940 hi_sdssplitargs
 */
export function sdssplitargs(line: string): string[] | null {
  const vector: string[] = [];
  let p = 0;

  // The code at a position, 0 from the end on: C's terminator.
  const at = (i: number): number => (i < line.length ? line.charCodeAt(i) : 0);

  for (;;) {
    while (isspace(at(p))) p++;
    if (at(p) === 0) return vector;

    let current = '';
    let inq = false;
    let insq = false;
    let done = false;
    while (!done) {
      const c = at(p);
      if (inq) {
        if (c === 0x5c && /^x[0-9a-fA-F]{2}$/.test(line.slice(p + 1, p + 4))) {
          current += String.fromCharCode(parseInt(line.slice(p + 2, p + 4), 16));
          p += 3;
        } else if (c === 0x5c && at(p + 1) !== 0) {
          p++;
          switch (line[p]) {
            case 'n':
              current += '\n';
              break;
            case 'r':
              current += '\r';
              break;
            case 't':
              current += '\t';
              break;
            case 'b':
              current += '\b';
              break;
            case 'a':
              current += '\x07';
              break;
            default:
              current += line[p];
              break;
          }
        } else if (c === 0x22) {
          if (at(p + 1) !== 0 && !isspace(at(p + 1))) return null;
          done = true;
        } else if (c === 0) {
          return null;
        } else {
          current += line[p];
        }
      } else if (insq) {
        if (c === 0x5c && at(p + 1) === 0x27) {
          p++;
          current += "'";
        } else if (c === 0x27) {
          if (at(p + 1) !== 0 && !isspace(at(p + 1))) return null;
          done = true;
        } else if (c === 0) {
          return null;
        } else {
          current += line[p];
        }
      } else {
        switch (c) {
          case 0x20:
          case 0x0a:
          case 0x0d:
          case 0x09:
          case 0:
            done = true;
            break;
          case 0x22:
            inq = true;
            break;
          case 0x27:
            insq = true;
            break;
          default:
            current += line[p];
            break;
        }
      }
      if (at(p) !== 0) p++;
    }
    vector.push(current);
  }
}
