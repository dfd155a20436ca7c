/**
 * The real kernel: libc called through koffi for descriptors, processes and limits, node:fs for most of the files.
 *
 * A buffer goes to C in one of two ways, whichever was measured as cheaper and is safe:
 *
 *     offset 0   the typed array itself as `void *`       57 ns a call (an empty call costs 32 ns)
 *     offset n   koffi.address(array) + n as an integer  100 ns a call; a subarray would be 108 ns and garbage
 *
 * Addresses are not cached: the cache (39 to 44 ns) would save less than a hundredth of a system call, and an address
 * that outlives its buffer is a crash. koffi moves a small array out of V8's heap before it takes its address, and the
 * array is referenced by our frame while C runs, so neither way can see memory move. Structs are laid out by hand in
 * scratch arrays that live as long as the kernel; no call on the hot path allocates.
 *
 * Who calls in: nobody by name but the programs' start (`usePosix(new LibcKernel())`) and tests; everybody through `posix`.
 * Whom it calls: libc, Node.
 *
 * What differs from C: flags, options and errno are translated to and from Linux's numbers elsewhere than on Linux (macOS by
 * the tables below; tested on Linux only). A signal handler runs from a turn of libuv's loop.
 */

import { randomFillSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { hrtime } from 'node:process';
import { isatty } from 'node:tty';
import koffi from 'koffi';
import * as P from './posix.ts';
import type {
  HostHandle,
  HostLoop,
  HostTimer,
  Posix,
  addrinfo,
  addrinfoHints,
  epoll_events,
  fd_set,
  iovec,
  kevent_t,
  pollfd,
  rlimit,
  rusage,
  sighandler,
  sockaddr,
  spawnOptions,
  stat_t,
  tm,
  utsname,
  waitResult,
} from './posix.ts';

const LINUX = process.platform === 'linux';
const DARWIN = process.platform === 'darwin';
/** BSD kernels have a length byte in front of a sockaddr, kqueue instead of epoll, and no accept4 (macOS). */
const BSD = !LINUX;

/** Taken out of `process` once: that is an object of the slow kind, and every command asks for the time. */
const clock = hrtime;

/** libc is in the process already. */
const libc = koffi.load(null);

/* ---- the functions, with pointers as arrays (`void *`) or as integers (`intptr_t`) ---- */

type Bytes = Uint8Array | Int32Array | Uint32Array;
type Fd = (fd: number) => number;
type FdPtr = (fd: number, p: Bytes) => number;
type Io = (fd: number, buf: Uint8Array, len: number) => number;
type IoAt = (fd: number, address: number, len: number) => number;
type SockCall = (fd: number, sa: Bytes, len: number) => number;
type SockGet = (fd: number, sa: Bytes, len: Bytes) => number;

const c_read: Io = libc.func('read', 'int64', ['int', 'void *', 'size_t']);
const c_read_at: IoAt = libc.func('read', 'int64', ['int', 'intptr_t', 'size_t']);
const c_write: Io = libc.func('write', 'int64', ['int', 'void *', 'size_t']);
const c_write_at: IoAt = libc.func('write', 'int64', ['int', 'intptr_t', 'size_t']);
const c_writev: (fd: number, iov: Bytes, n: number) => number = libc.func('writev', 'int64', [
  'int',
  'void *',
  'int',
]);
const c_close: Fd = libc.func('close', 'int', ['int']);
const c_dup: Fd = libc.func('dup', 'int', ['int']);
const c_dup2: (a: number, b: number) => number = libc.func('dup2', 'int', ['int', 'int']);
const c_flock: (a: number, b: number) => number = libc.func('flock', 'int', ['int', 'int']);
const c_pipe: (fds: Bytes) => number = libc.func('pipe', 'int', ['void *']);
// The third argument is a variadic one: macOS on arm64 passes those on the stack, so koffi must know.
const c_fcntl: (fd: number, cmd: number, type: 'int', arg: number) => number = libc.func(
  'int fcntl(int fd, int cmd, ...)',
);
const c_ioctl: (fd: number, req: number, type: 'void *', arg: Bytes) => number = libc.func(
  'int ioctl(int fd, unsigned long req, ...)',
);
const c_lseek: (fd: number, off: number, whence: number) => number = libc.func('lseek', 'int64', [
  'int',
  'int64',
  'int',
]);

const c_socket: (d: number, t: number, p: number) => number = libc.func('socket', 'int', [
  'int',
  'int',
  'int',
]);
const c_bind: SockCall = libc.func('bind', 'int', ['int', 'void *', 'uint32_t']);
const c_connect: SockCall = libc.func('connect', 'int', ['int', 'void *', 'uint32_t']);
const c_listen: (a: number, b: number) => number = libc.func('listen', 'int', ['int', 'int']);
const c_shutdown: (a: number, b: number) => number = libc.func('shutdown', 'int', ['int', 'int']);
const c_getsockname: SockGet = libc.func('getsockname', 'int', ['int', 'void *', 'void *']);
const c_getpeername: SockGet = libc.func('getpeername', 'int', ['int', 'void *', 'void *']);
const c_accept: SockGet = libc.func('accept', 'int', ['int', 'void *', 'void *']);
const c_accept4: (fd: number, sa: Bytes, len: Bytes, flags: number) => number = LINUX
  ? libc.func('accept4', 'int', ['int', 'void *', 'void *', 'int'])
  : unavailable;
const c_setsockopt: (fd: number, l: number, o: number, v: Bytes, n: number) => number = libc.func(
  'setsockopt',
  'int',
  ['int', 'int', 'int', 'void *', 'uint32_t'],
);
const c_getsockopt: (fd: number, l: number, o: number, v: Bytes, n: Bytes) => number = libc.func(
  'getsockopt',
  'int',
  ['int', 'int', 'int', 'void *', 'void *'],
);
const c_inet_ntop: (af: number, src: Bytes, dst: Bytes, n: number) => number = libc.func(
  'inet_ntop',
  'intptr_t',
  ['int', 'void *', 'void *', 'uint32_t'],
);
const c_inet_pton: (af: number, src: Bytes, dst: Bytes) => number = libc.func('inet_pton', 'int', [
  'int',
  'void *',
  'void *',
]);
const c_getaddrinfo: (n: Bytes | null, s: Bytes | null, h: Bytes, out: Bytes) => number = libc.func(
  'getaddrinfo',
  'int',
  ['void *', 'void *', 'void *', 'void *'],
);
const c_freeaddrinfo: (ai: number) => void = libc.func('freeaddrinfo', 'void', ['intptr_t']);
const c_memcpy: (dst: Bytes, src: number, n: number) => number = libc.func('memcpy', 'intptr_t', [
  'void *',
  'intptr_t',
  'size_t',
]);
const c_strlen: (s: number) => number = libc.func('strlen', 'size_t', ['intptr_t']);

const c_poll: (fds: Bytes, n: number, ms: number) => number = libc.func('poll', 'int', [
  'void *',
  LINUX ? 'unsigned long' : 'unsigned int',
  'int',
]);
const c_select: (n: number, r: Bytes, w: Bytes, e: null, tv: Bytes | null) => number = libc.func(
  'select',
  'int',
  ['int', 'void *', 'void *', 'void *', 'void *'],
);
const c_epoll_create1: Fd = LINUX ? libc.func('epoll_create1', 'int', ['int']) : unavailable;
const c_epoll_ctl: (ep: number, op: number, fd: number, ev: Bytes) => number = LINUX
  ? libc.func('epoll_ctl', 'int', ['int', 'int', 'int', 'void *'])
  : unavailable;
const c_epoll_wait: (ep: number, evs: Bytes, n: number, ms: number) => number = LINUX
  ? libc.func('epoll_wait', 'int', ['int', 'void *', 'int', 'int'])
  : unavailable;
const c_kqueue: () => number = BSD ? libc.func('kqueue', 'int', []) : unavailable;
const c_kevent: (
  kq: number,
  ch: Bytes,
  nch: number,
  ev: Bytes,
  nev: number,
  ts: Bytes | null,
) => number = BSD
  ? libc.func('kevent', 'int', ['int', 'void *', 'int', 'void *', 'int', 'void *'])
  : unavailable;

const c_setsid: () => number = libc.func('setsid', 'int', []);
const c_kill: (pid: number, sig: number) => number = libc.func('kill', 'int', ['int', 'int']);
const c_waitpid: (pid: number, st: Bytes, opt: number) => number = libc.func('waitpid', 'int', [
  'int',
  'void *',
  'int',
]);
const c_getrlimit: FdPtr = libc.func('getrlimit', 'int', ['int', 'void *']);
const c_setrlimit: FdPtr = libc.func('setrlimit', 'int', ['int', 'void *']);
const c_getrusage: FdPtr = libc.func('getrusage', 'int', ['int', 'void *']);
const c_clock_gettime: FdPtr = libc.func('clock_gettime', 'int', ['int', 'void *']);
const c_usleep: (us: number) => number = libc.func('usleep', 'int', ['uint32_t']);
const c_getpagesize: () => number = libc.func('getpagesize', 'int', []);

/**
 * Stands where a function does not exist on this platform: fails with ENOSYS.
 * @own koffi cannot bind a symbol that is not there
 */
function unavailable(): number {
  koffi.errno(os.constants.errno.ENOSYS);
  return -1;
}

/* ---- numbers of other platforms ---- */

/** errno of the platform → Linux's; null on Linux, where nothing needs translating. */
const ERRNO_FROM_NATIVE: Int32Array | null = LINUX ? null : nativeErrnoTable();

/**
 * Node knows the platform's numbers by name, and so do we.
 * @own constants that differ between platforms
 */
function nativeErrnoTable(): Int32Array {
  const table = new Int32Array(512).map((_, i) => i);
  const ours = P as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(os.constants.errno)) {
    const linux = ours[name];
    if (typeof linux === 'number' && value < 512) table[value] = linux;
  }
  return table;
}

/** Linux's signal numbers → the platform's, by name. */
const SIGNALS: readonly [number, NodeJS.Signals][] = [
  [P.SIGHUP, 'SIGHUP'],
  [P.SIGINT, 'SIGINT'],
  [P.SIGQUIT, 'SIGQUIT'],
  [P.SIGILL, 'SIGILL'],
  [P.SIGTRAP, 'SIGTRAP'],
  [P.SIGABRT, 'SIGABRT'],
  [P.SIGBUS, 'SIGBUS'],
  [P.SIGFPE, 'SIGFPE'],
  [P.SIGKILL, 'SIGKILL'],
  [P.SIGUSR1, 'SIGUSR1'],
  [P.SIGSEGV, 'SIGSEGV'],
  [P.SIGUSR2, 'SIGUSR2'],
  [P.SIGPIPE, 'SIGPIPE'],
  [P.SIGALRM, 'SIGALRM'],
  [P.SIGTERM, 'SIGTERM'],
  [P.SIGCHLD, 'SIGCHLD'],
  [P.SIGCONT, 'SIGCONT'],
  [P.SIGSTOP, 'SIGSTOP'],
  [P.SIGTSTP, 'SIGTSTP'],
  [P.SIGWINCH, 'SIGWINCH'],
];

const AF_INET6_NATIVE = LINUX ? P.AF_INET6 : DARWIN ? 30 : 28;
const SOL_SOCKET_NATIVE = LINUX ? P.SOL_SOCKET : 0xffff;

/** [Linux's option, macOS's] for SOL_SOCKET, IPPROTO_TCP and IPPROTO_IPV6. */
const SOCKET_OPTIONS_BSD: readonly [number, number][] = [
  [P.SO_REUSEADDR, 0x0004],
  [P.SO_ERROR, 0x1007],
  [P.SO_SNDBUF, 0x1001],
  [P.SO_RCVBUF, 0x1002],
  [P.SO_KEEPALIVE, 0x0008],
  [P.SO_LINGER, 0x0080],
  [P.SO_REUSEPORT, 0x0200],
  [P.SO_RCVTIMEO, 0x1006],
  [P.SO_SNDTIMEO, 0x1005],
];
const TCP_OPTIONS_BSD: readonly [number, number][] = [
  [P.TCP_NODELAY, 1],
  [P.TCP_KEEPIDLE, 0x10],
  [P.TCP_KEEPINTVL, 0x101],
  [P.TCP_KEEPCNT, 0x102],
];
const IPV6_OPTIONS_BSD: readonly [number, number][] = [[P.IPV6_V6ONLY, 27]];

/** [ours, the platform's] for open and fcntl. */
const OPEN_FLAGS: readonly [number, number][] = [
  [P.O_CREAT, fs.constants.O_CREAT],
  [P.O_EXCL, fs.constants.O_EXCL],
  [P.O_NOCTTY, fs.constants.O_NOCTTY],
  [P.O_TRUNC, fs.constants.O_TRUNC],
  [P.O_APPEND, fs.constants.O_APPEND],
  [P.O_NONBLOCK, fs.constants.O_NONBLOCK],
  [P.O_DSYNC, fs.constants.O_DSYNC ?? 0],
  [P.O_DIRECTORY, fs.constants.O_DIRECTORY],
  [P.O_NOFOLLOW, fs.constants.O_NOFOLLOW],
];

const RLIMITS_BSD: readonly [number, number][] = [
  [P.RLIMIT_CPU, 0],
  [P.RLIMIT_DATA, 2],
  [P.RLIMIT_CORE, 4],
  [P.RLIMIT_NOFILE, 8],
  [P.RLIMIT_AS, 5],
];

/**
 * The second column for `value` in the first, or `value` itself.
 * @own constants that differ between platforms
 */
function translate(table: readonly [number, number][], value: number): number {
  for (const [linux, native] of table) if (linux === value) return native;
  return value;
}

/**
 * Open flags with the platform's bits.
 * @own constants that differ between platforms
 */
function nativeOpenFlags(flags: number): number {
  if (LINUX) return flags;
  let native = flags & P.O_ACCMODE;
  for (const [ours, theirs] of OPEN_FLAGS) if (flags & ours) native |= theirs;
  return native;
}

/**
 * Open flags with Linux's bits.
 * @own constants that differ between platforms
 */
function linuxOpenFlags(flags: number): number {
  if (LINUX) return flags;
  let ours = flags & P.O_ACCMODE;
  for (const [bit, theirs] of OPEN_FLAGS) if (flags & theirs) ours |= bit;
  return ours;
}

/** libuv opens files with 64-bit offsets, and x64 has no other. `struct epoll_event` is packed on x64 only. */
const EPOLL_WORDS = process.arch === 'x64' || process.arch === 'ia32' ? 3 : 4;
const EPOLL_FD_WORD = EPOLL_WORDS === 3 ? 1 : 2;
/** How long a set wall clock may go unnoticed, nanoseconds. */
const CLOCK_RESYNC_NS = 20e6;

const US_PER_NS = 0.001;

const CLOCK_MONOTONIC_NATIVE = LINUX ? 1 : DARWIN ? 6 : 4;
const SOCKADDR_MAX = 128;
const IOV_MAX = 1024;
/** The most that setproctitle of setproctitle.c shows. */
const SPT_MAXTITLE = 255;
/** Field 48 of /proc/self/stat, counted from the third, the first behind the name: arg_start, arg_end, env_start, env_end. */
const STAT_ARG_START = 45;
/** struct kevent on 64-bit BSD: ident u64, filter i16, flags u16, fflags u32, data i64, udata ptr. */
const KEVENT_BYTES = 32;

/**
 * A C string.
 * @own latin1 strings cross to libc byte by byte
 */
function cstr(s: string): Uint8Array {
  return Buffer.from(s + '\0', 'latin1');
}

/**
 * A path for node:fs.
 * @own latin1 strings cross to node:fs byte by byte
 */
function cpath(s: string): Buffer {
  return Buffer.from(s, 'latin1');
}

/**
 * What a file of /proc says; nothing where there is none.
 * @own the kernel's view of the process
 */
function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/**
 * A NULL-terminated array of C strings, and what must stay referenced while C reads it.
 * @own argv and envp of posix_spawn and execve
 */
function cstrArray(strings: string[]): { table: BigUint64Array; keep: Uint8Array[] } {
  const keep = strings.map(cstr);
  const table = new BigUint64Array(new ArrayBuffer((keep.length + 1) * 8));
  keep.forEach((s, i) => {
    table[i] = koffi.address(s);
  });
  return { table, keep };
}

/** koffi's uv_poll_t. */
type PollHandle = ReturnType<typeof koffi.node.poll>;

/** libuv, seen as the loop that lends turns. */
class UvLoop implements HostLoop {
  /** koffi closes a poll handle that is collected, and the watcher would go deaf. */
  private readonly alive = new Set<PollHandle>();

  watchReadable(fd: number, cb: () => void): HostHandle | null {
    let handle: PollHandle;
    try {
      handle = koffi.node.poll(fd, { readable: true }, () => cb());
    } catch {
      return null;
    }
    this.alive.add(handle);
    return {
      close: () => {
        if (this.alive.delete(handle)) handle.close();
      },
    };
  }

  defer(cb: () => void): void {
    setImmediate(cb);
  }

  timer(cb: () => void): HostTimer {
    return new UvTimer(cb);
  }
}

/** setTimeout behind the interface of a timer that is armed again. */
class UvTimer implements HostTimer {
  private timeout: NodeJS.Timeout | null = null;
  private readonly cb: () => void;

  constructor(cb: () => void) {
    this.cb = cb;
  }

  start(us: number): void {
    if (this.timeout !== null) clearTimeout(this.timeout);
    this.timeout = setTimeout(this.cb, Math.min(Math.ceil(us / 1000), 0x7fffffff));
  }

  stop(): void {
    if (this.timeout !== null) clearTimeout(this.timeout);
    this.timeout = null;
  }

  close(): void {
    this.stop();
  }
}

/** The kernel that the process runs on. One instance a process is enough; it keeps no state but scratch memory. */
export class LibcKernel implements Posix {
  errno = 0;
  readonly platform: string = process.platform;
  readonly host: HostLoop = new UvLoop();

  /* Scratch memory for structs. Explicit ArrayBuffers, so that nothing here lies in V8's moving heap. */
  private readonly sa = new Uint8Array(new ArrayBuffer(SOCKADDR_MAX));
  private readonly salen = new Int32Array(new ArrayBuffer(8), 0, 1);
  private readonly int = new Int32Array(new ArrayBuffer(8));
  private readonly optlen = new Int32Array(new ArrayBuffer(8));
  private readonly ev = new Int32Array(new ArrayBuffer(16));
  private readonly ts = new Uint32Array(new ArrayBuffer(16));
  private readonly text = new Uint8Array(new ArrayBuffer(64));
  private readonly iov = new Uint32Array(new ArrayBuffer(IOV_MAX * 16));
  private pfds = new Int32Array(new ArrayBuffer(16 * 8));
  private kin = new DataView(new ArrayBuffer(16 * KEVENT_BYTES));
  private kout = new DataView(new ArrayBuffer(16 * KEVENT_BYTES));
  private readonly handlers = new Map<number, () => void>();
  private readonly terminals = new Map<number, Uint8Array>();
  /** The strings behind the pointers of the last posix_spawn or execve: nothing else refers to them. */
  kept: Uint8Array[] = [];
  /** openlog keeps the pointer. */
  private ident: Uint8Array | null = null;
  /** What hrtime() said last, and the halves of it: to get a number out of a bigint by way of memory is the quickest. */
  private readonly ticks = new BigInt64Array(1);
  private readonly halves = new Uint32Array(this.ticks.buffer);
  /** The kernel's clocks at the zero of hrtime(), microseconds; when to read the wall clock again, by hrtime(). */
  private wallStart = 0;
  private monotonicStart = 0;
  private resyncAt = 0;

  constructor() {
    this.resyncClock(this.nanoseconds());
  }

  /** Takes over C's errno after a failing call. @own translation of errno */
  private fail(): -1 {
    const e = koffi.errno();
    this.errno = ERRNO_FROM_NATIVE === null ? e : ERRNO_FROM_NATIVE[e];
    return -1;
  }

  /** Takes over the errno of an exception of node:fs; anything else is a bug and goes on. @own translation of errno */
  private failFs(e: unknown): -1 {
    const native = (e as NodeJS.ErrnoException).errno;
    if (typeof native !== 'number') throw e;
    this.errno = ERRNO_FROM_NATIVE === null ? -native : ERRNO_FROM_NATIVE[-native];
    return -1;
  }

  /* ---- sockets ---- */

  socket(domain: number, type: number, protocol: number): number {
    const af = domain === P.AF_INET6 ? AF_INET6_NATIVE : domain;
    if (LINUX) {
      const fd = c_socket(af, type, protocol);
      return fd === -1 ? this.fail() : fd;
    }
    const fd = c_socket(af, type & ~(P.SOCK_NONBLOCK | P.SOCK_CLOEXEC), protocol);
    if (fd === -1) return this.fail();
    this.applySocketFlags(fd, type);
    return fd;
  }

  /** What SOCK_NONBLOCK and SOCK_CLOEXEC do where the system calls do not take them. @own macOS */
  private applySocketFlags(fd: number, flags: number): void {
    if (flags & P.SOCK_NONBLOCK) this.fcntl(fd, P.F_SETFL, P.O_NONBLOCK);
    if (flags & P.SOCK_CLOEXEC) this.fcntl(fd, P.F_SETFD, P.FD_CLOEXEC);
  }

  /** Writes a sockaddr into `sa`; its length, or -1 (EINVAL, ENAMETOOLONG). @own struct layout */
  private encodeAddress(addr: sockaddr): number {
    const sa = this.sa;
    sa.fill(0);
    let len: number;
    if (addr.sa_family === P.AF_UNIX) {
      // sun_path holds 108 bytes on Linux, 104 on BSD, the NUL included.
      if (addr.address.length > (LINUX ? 107 : 103)) {
        this.errno = P.ENAMETOOLONG;
        return -1;
      }
      for (let i = 0; i < addr.address.length; i++) sa[2 + i] = addr.address.charCodeAt(i);
      len = LINUX ? 110 : 106;
    } else {
      const v6 = addr.sa_family === P.AF_INET6;
      const af = v6 ? AF_INET6_NATIVE : P.AF_INET;
      if (c_inet_pton(af, cstr(addr.address), this.text) !== 1) {
        this.errno = P.EINVAL;
        return -1;
      }
      sa[2] = addr.port >> 8;
      sa[3] = addr.port & 255;
      sa.set(this.text.subarray(0, v6 ? 16 : 4), v6 ? 8 : 4);
      if (v6) new DataView(sa.buffer).setUint32(24, addr.scope_id, true);
      len = v6 ? 28 : 16;
    }
    const family = addr.sa_family === P.AF_INET6 ? AF_INET6_NATIVE : addr.sa_family;
    if (BSD) {
      sa[0] = len;
      sa[1] = family;
    } else {
      sa[0] = family;
    }
    return len;
  }

  /** Reads the sockaddr in `bytes` (`len` bytes long) into `addr`. @own struct layout */
  private decodeAddress(bytes: Uint8Array, len: number, addr: sockaddr): void {
    const family = BSD ? bytes[1] : bytes[0] | (bytes[1] << 8);
    addr.scope_id = 0;
    if (family === P.AF_INET) {
      addr.sa_family = P.AF_INET;
      addr.port = (bytes[2] << 8) | bytes[3];
      addr.address = `${bytes[4]}.${bytes[5]}.${bytes[6]}.${bytes[7]}`;
    } else if (family === AF_INET6_NATIVE) {
      addr.sa_family = P.AF_INET6;
      addr.port = (bytes[2] << 8) | bytes[3];
      addr.address = this.ntop(AF_INET6_NATIVE, bytes.subarray(8, 24));
      addr.scope_id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(24, true);
    } else if (family === P.AF_UNIX) {
      addr.sa_family = P.AF_UNIX;
      addr.port = 0;
      let s = '';
      for (let i = 2; i < len && bytes[i] !== 0; i++) s += String.fromCharCode(bytes[i]);
      addr.address = s;
    } else {
      addr.sa_family = P.AF_UNSPEC;
      addr.address = '';
      addr.port = 0;
    }
  }

  /** A binary address as text. @own inet_ntop(3) */
  private ntop(af: number, bytes: Uint8Array): string {
    c_inet_ntop(af, bytes, this.text, 64);
    return Buffer.from(this.text.subarray(0, this.text.indexOf(0))).toString('latin1');
  }

  bind(fd: number, addr: sockaddr): number {
    const len = this.encodeAddress(addr);
    if (len === -1) return -1;
    return c_bind(fd, this.sa, len) === -1 ? this.fail() : 0;
  }

  listen(fd: number, backlog: number): number {
    return c_listen(fd, backlog) === -1 ? this.fail() : 0;
  }

  accept4(fd: number, peer: sockaddr | null, flags: number): number {
    this.salen[0] = SOCKADDR_MAX;
    const cfd = LINUX
      ? c_accept4(fd, this.sa, this.salen, flags)
      : c_accept(fd, this.sa, this.salen);
    if (cfd === -1) return this.fail();
    if (BSD) this.applySocketFlags(cfd, flags);
    if (peer !== null) this.decodeAddress(this.sa, this.salen[0], peer);
    return cfd;
  }

  connect(fd: number, addr: sockaddr): number {
    const len = this.encodeAddress(addr);
    if (len === -1) return -1;
    return c_connect(fd, this.sa, len) === -1 ? this.fail() : 0;
  }

  getsockname(fd: number, addr: sockaddr): number {
    this.salen[0] = SOCKADDR_MAX;
    if (c_getsockname(fd, this.sa, this.salen) === -1) return this.fail();
    this.decodeAddress(this.sa, this.salen[0], addr);
    return 0;
  }

  getpeername(fd: number, addr: sockaddr): number {
    this.salen[0] = SOCKADDR_MAX;
    if (c_getpeername(fd, this.sa, this.salen) === -1) return this.fail();
    this.decodeAddress(this.sa, this.salen[0], addr);
    return 0;
  }

  /** The platform's number of an option. @own constants that differ between platforms */
  private nativeOption(level: number, optname: number): number {
    if (LINUX) return optname;
    if (level === P.SOL_SOCKET) return translate(SOCKET_OPTIONS_BSD, optname);
    if (level === P.IPPROTO_TCP) return translate(TCP_OPTIONS_BSD, optname);
    return translate(IPV6_OPTIONS_BSD, optname);
  }

  setsockopt(fd: number, level: number, optname: number, value: number): number {
    const l = level === P.SOL_SOCKET ? SOL_SOCKET_NATIVE : level;
    this.int[0] = value;
    const r = c_setsockopt(fd, l, this.nativeOption(level, optname), this.int, 4);
    return r === -1 ? this.fail() : 0;
  }

  setsockopt_timeval_ms(fd: number, level: number, optname: number, ms: number): number {
    const l = level === P.SOL_SOCKET ? SOL_SOCKET_NATIVE : level;
    this.setTimespec(ms * 1000, 1);
    const r = c_setsockopt(fd, l, this.nativeOption(level, optname), this.ts, 16);
    return r === -1 ? this.fail() : 0;
  }

  getsockopt(fd: number, level: number, optname: number): number {
    const l = level === P.SOL_SOCKET ? SOL_SOCKET_NATIVE : level;
    this.optlen[0] = 4;
    this.int[0] = 0;
    if (c_getsockopt(fd, l, this.nativeOption(level, optname), this.int, this.optlen) === -1) {
      return this.fail();
    }
    const value = this.int[0];
    if (ERRNO_FROM_NATIVE !== null && level === P.SOL_SOCKET && optname === P.SO_ERROR) {
      return ERRNO_FROM_NATIVE[value];
    }
    return value;
  }

  shutdown(fd: number, how: number): number {
    return c_shutdown(fd, how) === -1 ? this.fail() : 0;
  }

  getaddrinfo(
    node: string | null,
    service: string | null,
    hints: addrinfoHints,
  ): addrinfo[] | number {
    // struct addrinfo: flags, family, socktype, protocol, addrlen, (pad), addr and canonname (BSD: the other way), next
    const h = new Int32Array(new ArrayBuffer(48));
    h[0] = hints.ai_flags;
    h[1] = hints.ai_family === P.AF_INET6 ? AF_INET6_NATIVE : hints.ai_family;
    h[2] = hints.ai_socktype;
    const out = new Uint32Array(new ArrayBuffer(8));
    const rv = c_getaddrinfo(
      node === null ? null : cstr(node),
      service === null ? null : cstr(service),
      h,
      out,
    );
    if (rv !== 0) {
      if (LINUX) return rv;
      // BSD's codes are positive: EAI_AGAIN 2, EAI_NONAME 8; the others do not matter to anybody here.
      return rv === 8 ? P.EAI_NONAME : rv === 2 ? P.EAI_AGAIN : P.EAI_FAIL;
    }
    const head = out[0] + out[1] * 2 ** 32;
    const found: addrinfo[] = [];
    const words = new Uint32Array(new ArrayBuffer(48));
    const bytes = new Uint8Array(new ArrayBuffer(SOCKADDR_MAX));
    for (let p = head; p !== 0; p = words[10] + words[11] * 2 ** 32) {
      c_memcpy(words, p, 48);
      const at = LINUX ? 6 : 8;
      const len = Math.min(words[4], SOCKADDR_MAX);
      c_memcpy(bytes, words[at] + words[at + 1] * 2 ** 32, len);
      const addr = new P.sockaddr();
      this.decodeAddress(bytes, len, addr);
      found.push({
        ai_family: addr.sa_family,
        ai_socktype: words[2],
        ai_protocol: words[3],
        ai_addr: addr,
      });
    }
    c_freeaddrinfo(head);
    return found;
  }

  inet_pton(family: number, ip: string): string | null {
    const af = family === P.AF_INET6 ? AF_INET6_NATIVE : family;
    const bytes = new Uint8Array(new ArrayBuffer(16));
    if (c_inet_pton(af, cstr(ip), bytes) !== 1) return null;
    return this.ntop(af, bytes);
  }

  /* ---- descriptors ---- */

  read(fd: number, buf: Uint8Array, off: number, len: number): number {
    const n =
      off === 0 ? c_read(fd, buf, len) : c_read_at(fd, Number(koffi.address(buf)) + off, len);
    return n === -1 ? this.fail() : n;
  }

  write(fd: number, buf: Uint8Array, off: number, len: number): number {
    const n =
      off === 0 ? c_write(fd, buf, len) : c_write_at(fd, Number(koffi.address(buf)) + off, len);
    return n === -1 ? this.fail() : n;
  }

  writev(fd: number, iov: iovec[], cnt: number): number {
    const v = this.iov;
    if (cnt > IOV_MAX) {
      this.errno = P.EINVAL;
      return -1;
    }
    for (let i = 0, w = 0; i < cnt; i++, w += 4) {
      const at = Number(koffi.address(iov[i].buf)) + iov[i].off;
      v[w] = at;
      v[w + 1] = at / 0x100000000;
      v[w + 2] = iov[i].len;
      v[w + 3] = iov[i].len / 0x100000000;
    }
    const n = c_writev(fd, v, cnt);
    return n === -1 ? this.fail() : n;
  }

  close(fd: number): number {
    return c_close(fd) === -1 ? this.fail() : 0;
  }

  fcntl(fd: number, cmd: number, arg: number): number {
    const a = cmd === P.F_SETFL ? nativeOpenFlags(arg) : arg;
    const r = c_fcntl(fd, cmd, 'int', a);
    if (r === -1) return this.fail();
    return cmd === P.F_GETFL ? linuxOpenFlags(r) : r;
  }

  flock(fd: number, operation: number): number {
    return c_flock(fd, operation) === -1 ? this.fail() : 0;
  }

  dup(fd: number): number {
    const r = c_dup(fd);
    return r === -1 ? this.fail() : r;
  }

  dup2(oldfd: number, newfd: number): number {
    const r = c_dup2(oldfd, newfd);
    return r === -1 ? this.fail() : r;
  }

  pipe2(fds: number[], flags: number): number {
    const pair = new Int32Array(new ArrayBuffer(8));
    if (c_pipe(pair) === -1) return this.fail();
    fds[0] = pair[0];
    fds[1] = pair[1];
    for (const fd of fds) {
      if (flags & P.O_NONBLOCK) this.fcntl(fd, P.F_SETFL, P.O_NONBLOCK);
      if (flags & P.O_CLOEXEC) this.fcntl(fd, P.F_SETFD, P.FD_CLOEXEC);
    }
    return 0;
  }

  /* ---- readiness ---- */

  /** Writes `us` microseconds into `ts` as seconds and units of `unit` nanoseconds/microseconds. @own struct layout */
  private setTimespec(us: number, perUs: number): void {
    const sec = Math.floor(us / 1e6);
    this.ts[0] = sec;
    this.ts[1] = sec / 0x100000000;
    this.ts[2] = Math.floor((us - sec * 1e6) * perUs);
    this.ts[3] = 0;
  }

  poll(fds: pollfd[], nfds: number, timeout_ms: number): number {
    if (this.pfds.length < nfds * 2) this.pfds = new Int32Array(new ArrayBuffer(nfds * 16));
    const p = this.pfds;
    for (let i = 0; i < nfds; i++) {
      p[2 * i] = fds[i].fd;
      p[2 * i + 1] = fds[i].events & 0xffff;
    }
    const n = c_poll(p, nfds, timeout_ms);
    if (n === -1) return this.fail();
    for (let i = 0; i < nfds; i++) fds[i].revents = p[2 * i + 1] >> 16;
    return n;
  }

  select(nfds: number, readfds: fd_set, writefds: fd_set, timeout_us: number): number {
    if (timeout_us !== -1) this.setTimespec(timeout_us, 1);
    const tv = timeout_us === -1 ? null : this.ts;
    const n = c_select(nfds, readfds.bits, writefds.bits, null, tv);
    return n === -1 ? this.fail() : n;
  }

  epoll_create1(flags: number): number {
    const fd = c_epoll_create1(flags);
    return fd === -1 ? this.fail() : fd;
  }

  epoll_ctl(epfd: number, op: number, fd: number, events: number): number {
    this.ev[0] = events;
    this.ev[EPOLL_FD_WORD] = fd;
    return c_epoll_ctl(epfd, op, fd, this.ev) === -1 ? this.fail() : 0;
  }

  epoll_wait(epfd: number, evs: epoll_events, maxevents: number, timeout_ms: number): number {
    const raw = evs.raw;
    const n = c_epoll_wait(epfd, raw, maxevents, timeout_ms);
    if (n === -1) return this.fail();
    for (let j = 0, w = 0; j < n; j++, w += EPOLL_WORDS) {
      evs.events[j] = raw[w];
      evs.fd[j] = raw[w + EPOLL_FD_WORD];
    }
    return n;
  }

  kqueue(): number {
    const fd = c_kqueue();
    return fd === -1 ? this.fail() : fd;
  }

  kevent(
    kq: number,
    changes: kevent_t[] | null,
    nchanges: number,
    events: kevent_t[] | null,
    nevents: number,
    timeout_us: number,
  ): number {
    if (this.kin.byteLength < nchanges * KEVENT_BYTES) {
      this.kin = new DataView(new ArrayBuffer(nchanges * KEVENT_BYTES));
    }
    if (this.kout.byteLength < nevents * KEVENT_BYTES) {
      this.kout = new DataView(new ArrayBuffer(nevents * KEVENT_BYTES));
    }
    for (let i = 0; i < nchanges; i++) {
      const at = i * KEVENT_BYTES;
      this.kin.setUint32(at, changes![i].ident, true);
      this.kin.setUint32(at + 4, 0, true);
      this.kin.setInt16(at + 8, changes![i].filter, true);
      this.kin.setUint16(at + 10, changes![i].flags, true);
    }
    if (timeout_us !== -1) this.setTimespec(timeout_us, 1000);
    const n = c_kevent(
      kq,
      new Uint8Array(this.kin.buffer),
      nchanges,
      new Uint8Array(this.kout.buffer),
      nevents,
      timeout_us === -1 ? null : this.ts,
    );
    if (n === -1) return this.fail();
    for (let i = 0; i < n; i++) {
      const at = i * KEVENT_BYTES;
      events![i].ident = this.kout.getUint32(at, true);
      events![i].filter = this.kout.getInt16(at + 8, true);
      events![i].flags = this.kout.getUint16(at + 10, true);
    }
    return n;
  }

  /* ---- files ---- */

  open(path: string, flags: number, mode: number): number {
    try {
      return fs.openSync(cpath(path), nativeOpenFlags(flags), mode);
    } catch (e) {
      return this.failFs(e);
    }
  }

  lseek(fd: number, offset: number, whence: number): number {
    const r = c_lseek(fd, offset, whence);
    return r === -1 ? this.fail() : r;
  }

  /** node's Stats as struct stat. @own struct layout */
  private toStat(s: fs.Stats): stat_t {
    return {
      st_mode: s.mode,
      st_size: s.size,
      st_ino: s.ino,
      st_dev: s.dev,
      st_uid: s.uid,
      st_gid: s.gid,
      st_mtime: Math.floor(s.mtimeMs * 1000),
    };
  }

  fstat(fd: number): stat_t | null {
    try {
      return this.toStat(fs.fstatSync(fd));
    } catch (e) {
      this.failFs(e);
      return null;
    }
  }

  stat(path: string): stat_t | null {
    try {
      return this.toStat(fs.statSync(cpath(path)));
    } catch (e) {
      this.failFs(e);
      return null;
    }
  }

  lstat(path: string): stat_t | null {
    try {
      return this.toStat(fs.lstatSync(cpath(path)));
    } catch (e) {
      this.failFs(e);
      return null;
    }
  }

  ftruncate(fd: number, length: number): number {
    try {
      fs.ftruncateSync(fd, length);
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  truncate(path: string, length: number): number {
    try {
      fs.truncateSync(cpath(path), length);
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  fsync(fd: number): number {
    try {
      fs.fsyncSync(fd);
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  fdatasync(fd: number): number {
    try {
      fs.fdatasyncSync(fd);
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  sync_file_range(fd: number, offset: number, nbytes: number, flags: number): number {
    if (!LINUX) return this.fdatasync(fd);
    const c: (fd: number, off: number, n: number, flags: number) => number = this.late(
      'sync_file_range',
      'int',
      ['int', 'int64', 'int64', 'unsigned int'],
    );
    return c(fd, offset, nbytes, flags) === -1 ? this.fail() : 0;
  }

  rename(oldpath: string, newpath: string): number {
    try {
      fs.renameSync(cpath(oldpath), cpath(newpath));
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  unlink(path: string): number {
    try {
      fs.unlinkSync(cpath(path));
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  link(oldpath: string, newpath: string): number {
    try {
      fs.linkSync(cpath(oldpath), cpath(newpath));
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  mkdir(path: string, mode: number): number {
    try {
      fs.mkdirSync(cpath(path), { mode });
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  rmdir(path: string): number {
    try {
      fs.rmdirSync(cpath(path));
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  readdir(path: string): string[] | null {
    try {
      return fs.readdirSync(cpath(path), { encoding: 'latin1' });
    } catch (e) {
      this.failFs(e);
      return null;
    }
  }

  chmod(path: string, mode: number): number {
    try {
      fs.chmodSync(cpath(path), mode);
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  fchmod(fd: number, mode: number): number {
    try {
      fs.fchmodSync(fd, mode);
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  access(path: string, mode: number): number {
    try {
      fs.accessSync(cpath(path), mode);
      return 0;
    } catch (e) {
      return this.failFs(e);
    }
  }

  readFile(path: string): Uint8Array | null {
    try {
      return fs.readFileSync(cpath(path));
    } catch (e) {
      this.failFs(e);
      return null;
    }
  }

  getcwd(): string {
    return Buffer.from(process.cwd()).toString('latin1');
  }

  chdir(path: string): number {
    const c: (p: Bytes) => number = this.late('chdir', 'int', ['void *']);
    if (c(cstr(path)) === -1) return this.fail();
    // Node remembers the directory; this makes it look again.
    process.chdir('.');
    return 0;
  }

  umask(mask: number): number {
    return process.umask(mask);
  }

  glob(pattern: string): string[] {
    const c_glob: (p: Bytes, flags: number, err: null, g: Bytes) => number = this.late(
      'glob',
      'int',
      ['void *', 'int', 'void *', 'void *'],
    );
    const c_globfree: (g: Bytes) => void = this.late('globfree', 'void', ['void *']);
    const g = new Uint32Array(new ArrayBuffer(128));
    const found: string[] = [];
    if (c_glob(cstr(pattern), 0, null, g) === 0) {
      // gl_pathc is the first field everywhere, gl_pathv the second with glibc and musl and at byte 32 on BSD.
      const at = LINUX ? 2 : 8;
      const table = new Uint32Array(new ArrayBuffer(g[0] * 8));
      c_memcpy(table, g[at] + g[at + 1] * 2 ** 32, table.byteLength);
      for (let i = 0; i < g[0]; i++)
        found.push(this.cstring(table[2 * i] + table[2 * i + 1] * 2 ** 32));
    }
    c_globfree(g);
    return found;
  }

  /** The C string at an address. @own reading libc's memory */
  private cstring(address: number): string {
    const bytes = Buffer.allocUnsafeSlow(c_strlen(address));
    c_memcpy(bytes, address, bytes.length);
    return bytes.toString('latin1');
  }

  mkstemp(template: string): { fd: number; path: string } | null {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    const random = new Uint8Array(6);
    for (let attempt = 0; attempt < 100; attempt++) {
      randomFillSync(random);
      let path = template.slice(0, -6);
      for (const r of random) path += letters[r % letters.length];
      const fd = this.open(path, P.O_RDWR | P.O_CREAT | P.O_EXCL, 0o600);
      if (fd !== -1) return { fd, path };
      if (this.errno !== P.EEXIST) return null;
    }
    return null;
  }

  /* ---- the process ---- */

  /** Functions that are called now and then are bound at their first call, which keeps the start short. */
  private readonly bound = new Map<string, unknown>();

  /** The C function `name`. @own late binding */
  private late<F>(name: string, result: string, args: string[]): F {
    let f = this.bound.get(name);
    if (f === undefined) {
      f = libc.func(name, result, args);
      this.bound.set(name, f);
    }
    return f as F;
  }

  getpid(): number {
    return process.pid;
  }

  getppid(): number {
    return process.ppid;
  }

  kill(pid: number, sig: number): number {
    return c_kill(pid, this.nativeSignal(sig)) === -1 ? this.fail() : 0;
  }

  /** The platform's number of a signal. @own constants that differ between platforms */
  private nativeSignal(sig: number): number {
    for (const [linux, name] of SIGNALS) if (linux === sig) return os.constants.signals[name];
    return sig;
  }

  setsid(): number {
    const r = c_setsid();
    return r === -1 ? this.fail() : r;
  }

  posix_spawn(path: string, argv: string[], options: spawnOptions): number {
    type Attr = (p: Bytes) => number;
    const spawn: (
      pid: Bytes,
      path: Bytes,
      fa: Bytes,
      attr: Bytes,
      argv: BigUint64Array,
      envp: BigUint64Array,
    ) => number = this.late('posix_spawn', 'int', Array<string>(6).fill('void *'));
    const faInit: Attr = this.late('posix_spawn_file_actions_init', 'int', ['void *']);
    const faFree: Attr = this.late('posix_spawn_file_actions_destroy', 'int', ['void *']);
    const faDup2: (fa: Bytes, from: number, to: number) => number = this.late(
      'posix_spawn_file_actions_adddup2',
      'int',
      ['void *', 'int', 'int'],
    );
    const faOpen: (fa: Bytes, fd: number, p: Bytes, flags: number, mode: number) => number =
      this.late('posix_spawn_file_actions_addopen', 'int', [
        'void *',
        'int',
        'void *',
        'int',
        'uint16_t',
      ]);
    const atInit: Attr = this.late('posix_spawnattr_init', 'int', ['void *']);
    const atFree: Attr = this.late('posix_spawnattr_destroy', 'int', ['void *']);
    const atFlags: (a: Bytes, flags: number) => number = this.late(
      'posix_spawnattr_setflags',
      'int',
      ['void *', 'int16_t'],
    );
    const atMask: (a: Bytes, set: Bytes) => number = this.late(
      'posix_spawnattr_setsigmask',
      'int',
      ['void *', 'void *'],
    );
    const atDefault: (a: Bytes, set: Bytes) => number = this.late(
      'posix_spawnattr_setsigdefault',
      'int',
      ['void *', 'void *'],
    );
    const devNull = cstr('/dev/null');
    // Both are smaller than this on every libc.
    const fa = new Uint8Array(new ArrayBuffer(512));
    const attr = new Uint8Array(new ArrayBuffer(512));
    faInit(fa);
    atInit(attr);
    const stdio = [options.stdin, options.stdout, options.stderr];
    for (let fd = 0; fd < 3; fd++) {
      const from = stdio[fd];
      if (from === undefined) faOpen(fa, fd, devNull, P.O_RDWR, 0);
      else faDup2(fa, from, fd);
    }
    // Node ignores SIGPIPE, which a program would inherit: SETSIGDEF (4) and SETSIGMASK (8) give the child a fresh start.
    let flags = 4 | 8;
    if ((options.flags ?? 0) & P.POSIX_SPAWN_SETSID) flags |= LINUX ? 0x80 : 0x400;
    atFlags(attr, flags);
    atMask(attr, new Uint8Array(new ArrayBuffer(128)));
    // All but SIGKILL and SIGSTOP, which glibc refuses to reset, and its two internal ones.
    const defaults = new Uint8Array(new ArrayBuffer(128));
    for (const [, name] of SIGNALS) {
      const n = os.constants.signals[name] - 1;
      if (name !== 'SIGKILL' && name !== 'SIGSTOP') defaults[n >> 3] |= 1 << (n & 7);
    }
    atDefault(attr, defaults);
    const args = cstrArray(argv);
    const env = cstrArray(options.envp ?? this.environ());
    this.kept = args.keep.concat(env.keep);
    const pid = new Int32Array(new ArrayBuffer(8));
    const rv = spawn(pid, cstr(path), fa, attr, args.table, env.table);
    faFree(fa);
    atFree(attr);
    this.kept = [];
    if (rv !== 0) {
      this.errno = ERRNO_FROM_NATIVE === null ? rv : ERRNO_FROM_NATIVE[rv];
      return -1;
    }
    return pid[0];
  }

  execve(path: string, argv: string[], envp: string[]): number {
    const exec: (p: Bytes, argv: BigUint64Array, envp: BigUint64Array) => number = this.late(
      'execve',
      'int',
      ['void *', 'void *', 'void *'],
    );
    const sigaction: (sig: number, handler: number) => number = this.late('signal', 'intptr_t', [
      'int',
      'intptr_t',
    ]);
    const args = cstrArray(argv);
    const env = cstrArray(envp);
    this.kept = args.keep.concat(env.keep);
    // Ignored signals stay ignored across exec, and Node ignores this one.
    sigaction(os.constants.signals.SIGPIPE, 0);
    // Node marks even these as close-on-exec when it starts.
    for (let fd = 0; fd < 3; fd++) c_fcntl(fd, P.F_SETFD, 'int', 0);
    exec(cstr(path), args.table, env.table);
    this.fail();
    sigaction(os.constants.signals.SIGPIPE, 1);
    return -1;
  }

  waitpid(pid: number, options: number): waitResult | null {
    const status = new Int32Array(new ArrayBuffer(8));
    const r = c_waitpid(pid, status, options);
    if (r === -1) {
      this.fail();
      return null;
    }
    return { pid: r, status: status[0] };
  }

  execArgv(): string[] {
    return [process.execPath, ...process.execArgv, ...process.argv.slice(1)].map((s) =>
      Buffer.from(s).toString('latin1'),
    );
  }

  exit(code: number): never {
    process.exit(code);
  }

  abort(): never {
    process.abort();
  }

  signal(sig: number, handler: sighandler): number {
    const entry = SIGNALS.find(([linux]) => linux === sig);
    if (entry === undefined || sig === P.SIGKILL || sig === P.SIGSTOP) {
      this.errno = P.EINVAL;
      return -1;
    }
    // Faults of the process itself never reach JavaScript: a listener would only turn the crash into an endless loop.
    if (sig === P.SIGSEGV || sig === P.SIGBUS || sig === P.SIGFPE || sig === P.SIGILL) return 0;
    const old = this.handlers.get(sig);
    if (old !== undefined) process.removeListener(entry[1], old);
    this.handlers.delete(sig);
    if (handler === P.SIG_DFL) return 0;
    const listener = handler === P.SIG_IGN ? () => undefined : () => handler(sig);
    this.handlers.set(sig, listener);
    process.on(entry[1], listener);
    return 0;
  }

  getrlimit(resource: number): rlimit | null {
    const r = new Uint32Array(new ArrayBuffer(16));
    if (c_getrlimit(LINUX ? resource : translate(RLIMITS_BSD, resource), r) === -1) {
      this.fail();
      return null;
    }
    const infinity = LINUX ? 0xffffffff : 0x7fffffff;
    const cur = r[1] === infinity ? Infinity : r[0] + r[1] * 2 ** 32;
    const max = r[3] === infinity ? Infinity : r[2] + r[3] * 2 ** 32;
    return { rlim_cur: cur, rlim_max: max };
  }

  setrlimit(resource: number, limit: rlimit): number {
    const r = new Uint32Array(new ArrayBuffer(16));
    const values = [limit.rlim_cur, limit.rlim_max];
    values.forEach((v, i) => {
      r[2 * i] = v === Infinity ? 0xffffffff : v;
      r[2 * i + 1] = v === Infinity ? (LINUX ? 0xffffffff : 0x7fffffff) : v / 2 ** 32;
    });
    const res = LINUX ? resource : translate(RLIMITS_BSD, resource);
    return c_setrlimit(res, r) === -1 ? this.fail() : 0;
  }

  getrusage(who: number): rusage | null {
    const r = new Uint32Array(new ArrayBuffer(160));
    if (c_getrusage(who, r) === -1) {
      this.fail();
      return null;
    }
    return {
      ru_utime: r[0] * 1e6 + r[2],
      ru_stime: r[4] * 1e6 + r[6],
      ru_maxrss: (r[8] + r[9] * 2 ** 32) / (DARWIN ? 1024 : 1),
    };
  }

  getenv(name: string): string | undefined {
    const value = process.env[name];
    return value === undefined ? undefined : Buffer.from(value).toString('latin1');
  }

  environ(): string[] {
    return Object.entries(process.env).map(([k, v]) => Buffer.from(`${k}=${v}`).toString('latin1'));
  }

  uname(): utsname {
    return {
      sysname: os.type(),
      nodename: os.hostname(),
      release: os.release(),
      version: os.version(),
      machine: os.machine(),
    };
  }

  gethostname(): string {
    return os.hostname();
  }

  isatty(fd: number): boolean {
    return isatty(fd);
  }

  getpagesize(): number {
    return c_getpagesize();
  }

  physicalMemory(): number {
    return os.totalmem();
  }

  rss(): number {
    return process.memoryUsage.rss();
  }

  sched_setaffinity(cpus: number[]): number {
    if (!LINUX) {
      this.errno = P.ENOSYS;
      return -1;
    }
    const c: (pid: number, size: number, mask: Bytes) => number = this.late(
      'sched_setaffinity',
      'int',
      ['int', 'size_t', 'void *'],
    );
    const mask = new Uint8Array(new ArrayBuffer(128));
    for (const cpu of cpus) if (cpu < 1024) mask[cpu >> 3] |= 1 << (cpu & 7);
    return c(0, 128, mask) === -1 ? this.fail() : 0;
  }

  setproctitle(title: string): void {
    const bytes = Buffer.from(title, 'latin1').subarray(0, SPT_MAXTITLE);
    process.title = bytes.toString();
    if (LINUX) this.lengthenTitle(bytes);
  }

  /**
   * Writes a title that libuv cut at the end of the arguments, where the kernel lets it go on over the environment:
   *
   *     base           environment                end
   *     | arguments ...|NAME=value NAME=value ... |
   *     | title .................. 0 0 0 0 0 0 0 0|
   *
   * The variables move to malloc's memory first. Without /proc the title stays short.
   * @own the part of spt_init and setproctitle that libuv has not
   */
  private lengthenTitle(title: Uint8Array): void {
    const stat = readText('/proc/self/stat');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [base, argumentsEnd, environment, end] = fields.slice(STAT_ARG_START).map(Number);
    if (end === undefined || environment !== argumentsEnd) return;
    if (title.length < argumentsEnd - base || !this.moveEnvironment()) return;
    const c: (to: number, from: Bytes, length: number) => number = this.late(
      'memmove',
      'intptr_t',
      ['intptr_t', 'void *', 'size_t'],
    );
    const area = new Uint8Array(new ArrayBuffer(end - base));
    area.set(title.subarray(0, area.length - 1));
    c(base, area, area.length);
  }

  /**
   * Has libc copy each variable that is still where the kernel put it; what was set or deleted since is there no more. False when
   * there is no memory for one.
   * @own spt_copyenv of setproctitle.c, variable by variable: V8's threads may look one up meanwhile
   */
  private moveEnvironment(): boolean {
    const setenv: (name: Bytes, value: Bytes, overwrite: number) => number = this.late(
      'setenv',
      'int',
      ['void *', 'void *', 'int'],
    );
    for (const variable of readText('/proc/self/environ').split('\0')) {
      const equals = variable.indexOf('=');
      if (equals < 1) continue;
      const name = variable.slice(0, equals);
      const value = variable.slice(equals + 1);
      if (process.env[cpath(name).toString()] !== cpath(value).toString()) continue;
      if (setenv(cstr(name), cstr(value), 1) === -1) return false;
    }
    return true;
  }

  openlog(ident: string, option: number, facility: number): void {
    const c: (ident: Bytes, option: number, facility: number) => void = this.late(
      'openlog',
      'void',
      ['void *', 'int', 'int'],
    );
    this.ident = cstr(ident);
    c(this.ident, option, facility);
  }

  syslog(priority: number, message: string): void {
    let c = this.bound.get('syslog') as
      ((priority: number, format: string, type: 'void *', message: Bytes) => void) | undefined;
    if (c === undefined) {
      c = libc.func('void syslog(int priority, const char *format, ...)');
      this.bound.set('syslog', c);
    }
    c(priority, '%s', 'void *', cstr(message));
  }

  setRawMode(fd: number, raw: boolean): number {
    const get: FdPtr = this.late('tcgetattr', 'int', ['int', 'void *']);
    const set: (fd: number, how: number, t: Bytes) => number = this.late('tcsetattr', 'int', [
      'int',
      'int',
      'void *',
    ]);
    const makeRaw: (t: Bytes) => void = this.late('cfmakeraw', 'void', ['void *']);
    let saved = this.terminals.get(fd);
    if (saved === undefined) {
      if (!raw) return 0;
      saved = new Uint8Array(new ArrayBuffer(128));
      if (get(fd, saved) === -1) return this.fail();
      this.terminals.set(fd, saved);
    }
    const t = new Uint8Array(new ArrayBuffer(128));
    t.set(saved);
    if (raw) makeRaw(t);
    else this.terminals.delete(fd);
    // 2 is TCSAFLUSH.
    return set(fd, 2, t) === -1 ? this.fail() : 0;
  }

  terminalColumns(fd: number): number {
    const size = new Uint8Array(new ArrayBuffer(8));
    // TIOCGWINSZ; struct winsize is rows, columns, x pixels, y pixels.
    if (c_ioctl(fd, LINUX ? 0x5413 : 0x40087468, 'void *', size) === -1) return this.fail();
    return size[2] | (size[3] << 8);
  }

  /* ---- clocks and chance ---- */

  gettimeofday(): number {
    const ns = this.nanoseconds();
    if (ns >= this.resyncAt) this.resyncClock(ns);
    return Math.floor(this.wallStart + ns * US_PER_NS);
  }

  clock_monotonic(): number {
    return Math.floor(this.monotonicStart + this.nanoseconds() * US_PER_NS);
  }

  /** The clock that costs least: nanoseconds since a moment that stays the same. @own hrtime() of Node.js */
  private nanoseconds(): number {
    this.ticks[0] = clock.bigint();
    return this.halves[0] + this.halves[1] * 0x100000000;
  }

  /**
   * Reads both clocks of the kernel and notes how far Node's is behind them. Node's clock costs a third of a call to libc, and every
   * command asks for the time. The wall clock may be set by somebody, so it is read anew every CLOCK_RESYNC_NS.
   * @own two clocks out of one
   */
  private resyncClock(ns: number): void {
    const ts = this.ts;
    c_clock_gettime(0, ts);
    const wall = (ts[0] + ts[1] * 0x100000000) * 1e6 + ts[2] / 1000;
    this.wallStart = wall - ns * US_PER_NS;
    if (this.monotonicStart === 0) {
      c_clock_gettime(CLOCK_MONOTONIC_NATIVE, ts);
      this.monotonicStart = (ts[0] + ts[1] * 0x100000000) * 1e6 + ts[2] / 1000 - ns * US_PER_NS;
    }
    this.resyncAt = ns + CLOCK_RESYNC_NS;
  }

  usleep(us: number): void {
    // usleep may refuse a second and more.
    for (let left = us; left > 0; left -= 500000) c_usleep(Math.min(left, 500000));
  }

  localtime(seconds: number): tm {
    const d = new Date(seconds * 1000);
    const offset = (t: Date): number => -t.getTimezoneOffset() * 60;
    const year = d.getFullYear();
    const gmtoff = offset(d);
    // Summer time is whatever is ahead of the smaller offset of the year.
    const standard = Math.min(offset(new Date(year, 0, 1)), offset(new Date(year, 6, 1)));
    const yday = Math.round(
      (Date.UTC(year, d.getMonth(), d.getDate()) - Date.UTC(year, 0, 1)) / 86400000,
    );
    return {
      tm_sec: d.getSeconds(),
      tm_min: d.getMinutes(),
      tm_hour: d.getHours(),
      tm_mday: d.getDate(),
      tm_mon: d.getMonth(),
      tm_year: year - 1900,
      tm_wday: d.getDay(),
      tm_yday: yday,
      tm_isdst: gmtoff > standard ? 1 : 0,
      tm_gmtoff: gmtoff,
    };
  }

  getrandom(buf: Uint8Array, off: number, len: number): void {
    randomFillSync(buf, off, len);
  }
}
