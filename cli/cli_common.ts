/**
 * @packageDocumentation
 * What the command line tools have in common: arguments from standard input and in quotes, server URIs, JSON strings.
 *
 *     redis://user:p%40ss@host:6380/2
 *             ▲    ▲      ▲    ▲    ▲
 *             user auth   hostip    input_dbnum
 *                              hostport
 *
 * Called by redis-cli.ts; calls hiredis.ts and stdio.ts. What differs from C: there is no TLS here, as in a C build
 * without OpenSSL, so `rediss://` is refused.
 */
import {
  redisBufferWrite,
  REDIS_BLOCK,
  REDIS_ERR,
  sdssplitargs,
  type redisContext,
} from './hiredis.ts';
import { atoi, exit, fputs, perror, readSome, stderr, strncaseeq } from './stdio.ts';
import { EAGAIN, posix, STDIN_FILENO } from '../posix/posix.ts';

/** Where to connect to, and as whom. */
export class cliConnInfo {
  hostip = '';
  hostport = 0;
  /** The database that the user asked for. */
  input_dbnum = 0;
  auth: string | null = null;
  user: string | null = null;
}

/**
 * Writes bytes that are no command through a context, with what waits in its output buffer. How many of `buf` were
 * written; 0 when only older output went; -1 on failure, after which the output buffer is as it was before.
 *
 * @c cli_common.c:140
 */
export function cliWriteConn(c: redisContext, buf: string): number {
  c.obuf += buf;
  const done = redisBufferWrite(c);
  if (done === REDIS_ERR) {
    if (!(c.flags & REDIS_BLOCK)) posix.errno = EAGAIN;
    c.obuf = c.obuf.length > buf.length ? c.obuf.slice(0, -buf.length) : '';
    return -1;
  }

  if (done) {
    c.obuf = '';
    return buf.length;
  }

  // Older output is still there: take ours back.
  if (c.obuf.length > buf.length) {
    c.obuf = c.obuf.slice(0, -buf.length);
    return 0;
  }

  const left = c.obuf.length;
  c.obuf = '';
  return buf.length - left;
}

/**
 * Everything that standard input has. Ends the program when it cannot be read.
 *
 * @c cli_common.c:205
 */
export function readArgFromStdin(): string {
  const buf = Buffer.allocUnsafeSlow(64 * 1024);
  let arg = '';
  for (;;) {
    const nread = readSome(STDIN_FILENO, buf, buf.length);
    if (nread === 0) break;
    else if (nread === -1) {
      perror('Reading from standard input');
      exit(1);
    }
    arg += buf.toString('latin1', 0, nread);
  }
  return arg;
}

/**
 * The arguments as they are, or with `quoted` each one unquoted; null when one of them is not well quoted.
 *
 * @c cli_common.c:229
 */
export function getSdsArrayFromArgv(argv: readonly string[], quoted: boolean): string[] | null {
  const res: string[] = [];
  for (const arg of argv) {
    if (quoted) {
      const unquoted = unquoteCString(arg);
      if (unquoted === null) return null;
      res.push(unquoted);
    } else {
      res.push(arg);
    }
  }
  return res;
}

/**
 * The one word that a string consists of, its quotes and escapes resolved. null when it is not exactly one.
 *
 * @c cli_common.c:250
 */
export function unquoteCString(str: string): string | null {
  const unquoted = sdssplitargs(str);
  return unquoted !== null && unquoted.length === 1 ? unquoted[0] : null;
}

/**
 * A part of a URI with `%XX` decoded. Ends the program when an escape is cut short or not hexadecimal.
 *
 * @c cli_common.c:272
 * @cstatic
 */
export function percentDecode(pe: string): string {
  let ret = '';
  for (let curr = 0; curr < pe.length; curr++) {
    if (pe[curr] !== '%') {
      ret += pe[curr];
      continue;
    }
    // C looks for two more characters but counts the percent sign, so that a single one reads on behind the part.
    if (pe.length - curr < 2) {
      fputs('Incomplete URI encoding\n', stderr);
      exit(1);
    }
    const hex = pe.slice(curr + 1, curr + 3);
    if (!/^[0-9a-f]{2}$/i.test(hex)) {
      fputs('Illegal character in URI encoding\n', stderr);
      exit(1);
    }
    ret += String.fromCharCode(parseInt(hex, 16));
    curr += 2;
  }
  return ret;
}

/**
 * Takes a server URI apart and writes what it names into `connInfo`: `redis://[[user:]password@][host[:port]][/db]`.
 * Ends the program when the scheme is another one. `tool_name` is for the message about TLS.
 *
 * @c cli_common.c:309
 */
export function parseRedisUri(uri: string, tool_name: string, connInfo: cliConnInfo): void {
  const scheme = 'redis://';
  const tlsscheme = 'rediss://';

  if (strncaseeq(tlsscheme, uri, tlsscheme.length)) {
    fputs(`rediss:// is only supported when ${tool_name} is compiled with OpenSSL\n`, stderr);
    exit(1);
  } else if (!strncaseeq(scheme, uri, scheme.length)) {
    fputs('Invalid URI scheme\n', stderr);
    exit(1);
  }
  let curr = scheme.length;
  const end = uri.length;
  if (curr === end) return;

  const userinfo = uri.indexOf('@', curr);
  if (userinfo !== -1) {
    const username = uri.indexOf(':', curr);
    if (username !== -1 && username < userinfo) {
      connInfo.user = percentDecode(uri.slice(curr, username));
      curr = username + 1;
    }
    connInfo.auth = percentDecode(uri.slice(curr, userinfo));
    curr = userinfo + 1;
  }
  if (curr === end) return;

  const path = uri.indexOf('/', curr);
  if (uri[curr] !== '/') {
    let host = path === -1 ? end : path;
    const port = uri.indexOf(':', curr);
    if (port !== -1) {
      connInfo.hostport = atoi(uri.slice(port + 1));
      host = port;
    }
    // Without a path C also takes the terminating NUL for the host, which changes nothing.
    connInfo.hostip = uri.slice(curr, host);
  }
  curr = path === -1 ? end : path + 1;
  if (curr === end) return;

  connInfo.input_dbnum = atoi(uri.slice(curr));
}

/**
 * `s` with `p` behind it as a JSON string. Bytes from 0x80 on stay as they are, so UTF-8 comes out as UTF-8.
 *
 * @c cli_common.c:379
 */
export function escapeJsonString(s: string, p: string): string {
  s += '"';
  for (let i = 0; i < p.length; i++) {
    switch (p[i]) {
      case '\\':
      case '"':
        s += '\\' + p[i];
        break;
      case '\n':
        s += '\\n';
        break;
      case '\f':
        s += '\\f';
        break;
      case '\r':
        s += '\\r';
        break;
      case '\t':
        s += '\\t';
        break;
      case '\b':
        s += '\\b';
        break;
      default:
        if (p.charCodeAt(i) <= 0x1f) s += '\\u' + p.charCodeAt(i).toString(16).padStart(4, '0');
        else s += p[i];
    }
  }
  return s + '"';
}
