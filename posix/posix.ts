/**
 * The operating system, as the C code sees it.
 *
 * Everything that Redis asks of the kernel or of libc goes through one object, {@link posix}: sockets, readiness,
 * files, processes, signals, clocks and random bytes. There are two kernels behind the interface:
 *
 *     posix_libc.ts   the real one: koffi for descriptors, node:fs for most of the files
 *     posix_sim.ts    in memory: virtual clock, seeded random, a network and a disk that can misbehave
 *
 * The rules of every call, unless its contract says otherwise:
 *
 *   - it is synchronous, and blocks exactly where the C call blocks;
 *   - on failure it returns -1 (or null where a success returns an object) and leaves the reason in `posix.errno`,
 *     which a success does not clear, so that ported code reads as it does in C:
 *
 *         const n = posix.read(fd, buf, 0, 1024);
 *         if (n === -1 && posix.errno === EAGAIN) ...
 *
 *   - constants (errno, flags, option names, signals) are Linux's numbers on every platform; a kernel translates;
 *   - a path, host or title is a string with one char code 0-255 a byte (latin1), as everywhere in the project;
 *   - time is a number of microseconds unless a name says milliseconds (`_ms`) or seconds.
 *
 * Who calls in: every room. Whom it calls: nobody. What differs from C: errno is a field of the kernel and not of the
 * thread; there is no `fork` (V8 cannot be forked), `posix_spawn` starts other programs and the daemon.
 */

/* ---------------------------------------------------------------------------------------------------------------
 * Constants
 * ------------------------------------------------------------------------------------------------------------- */

export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const E2BIG = 7;
export const ENOEXEC = 8;
export const EBADF = 9;
export const ECHILD = 10;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const EXDEV = 18;
export const ENODEV = 19;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const ENFILE = 23;
export const EMFILE = 24;
export const ENOTTY = 25;
export const ETXTBSY = 26;
export const EFBIG = 27;
export const ENOSPC = 28;
export const ESPIPE = 29;
export const EROFS = 30;
export const EMLINK = 31;
export const EPIPE = 32;
export const EDOM = 33;
export const ERANGE = 34;
export const EDEADLK = 35;
export const ENAMETOOLONG = 36;
export const ENOLCK = 37;
export const ENOSYS = 38;
export const ENOTEMPTY = 39;
export const ELOOP = 40;
export const ETIME = 62;
export const EPROTO = 71;
export const EOVERFLOW = 75;
export const EILSEQ = 84;
export const ENOTSOCK = 88;
export const EDESTADDRREQ = 89;
export const EMSGSIZE = 90;
export const EPROTOTYPE = 91;
export const ENOPROTOOPT = 92;
export const EPROTONOSUPPORT = 93;
export const ESOCKTNOSUPPORT = 94;
export const EOPNOTSUPP = 95;
export const EPFNOSUPPORT = 96;
export const EAFNOSUPPORT = 97;
export const EADDRINUSE = 98;
export const EADDRNOTAVAIL = 99;
export const ENETDOWN = 100;
export const ENETUNREACH = 101;
export const ENETRESET = 102;
export const ECONNABORTED = 103;
export const ECONNRESET = 104;
export const ENOBUFS = 105;
export const EISCONN = 106;
export const ENOTCONN = 107;
export const ESHUTDOWN = 108;
export const ETIMEDOUT = 110;
export const ECONNREFUSED = 111;
export const EHOSTDOWN = 112;
export const EHOSTUNREACH = 113;
export const EALREADY = 114;
export const EINPROGRESS = 115;
export const ESTALE = 116;
export const EDQUOT = 122;
export const ECANCELED = 125;
export const EWOULDBLOCK = EAGAIN;
export const ENOTSUP = EOPNOTSUPP;

/* Address families, socket types, protocols. */
export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_LOCAL = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const IPPROTO_IP = 0;
export const IPPROTO_TCP = 6;
export const IPPROTO_IPV6 = 41;
export const SOL_SOCKET = 1;

/* Socket options. */
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_KEEPALIVE = 9;
export const SO_LINGER = 13;
export const SO_REUSEPORT = 15;
export const SO_RCVTIMEO = 20;
export const SO_SNDTIMEO = 21;
export const SO_MARK = 36;
export const IPV6_V6ONLY = 26;
export const TCP_NODELAY = 1;
export const TCP_KEEPIDLE = 4;
export const TCP_KEEPINTVL = 5;
export const TCP_KEEPCNT = 6;
export const TCP_USER_TIMEOUT = 18;

/* shutdown, getaddrinfo. */
export const SHUT_RD = 0;
export const SHUT_WR = 1;
export const SHUT_RDWR = 2;
export const AI_PASSIVE = 1;
export const AI_CANONNAME = 2;
export const AI_NUMERICHOST = 4;
export const EAI_BADFLAGS = -1;
export const EAI_NONAME = -2;
export const EAI_AGAIN = -3;
export const EAI_FAIL = -4;
export const EAI_NODATA = -5;
export const EAI_FAMILY = -6;
export const EAI_SOCKTYPE = -7;
export const EAI_SERVICE = -8;
export const EAI_ADDRFAMILY = -9;
export const EAI_MEMORY = -10;
export const EAI_SYSTEM = -11;
export const EAI_OVERFLOW = -12;

/* open, fcntl, flock, lseek, access. */
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_ACCMODE = 3;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_NOCTTY = 0o400;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_DSYNC = 0o10000;
export const O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000;
export const O_CLOEXEC = 0o2000000;
export const F_GETFD = 1;
export const F_SETFD = 2;
export const F_GETFL = 3;
export const F_SETFL = 4;
export const FD_CLOEXEC = 1;
export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;
export const LOCK_UN = 8;
export const SEEK_SET = 0;
export const SEEK_CUR = 1;
export const SEEK_END = 2;
export const F_OK = 0;
export const X_OK = 1;
export const W_OK = 2;
export const R_OK = 4;
export const SYNC_FILE_RANGE_WAIT_BEFORE = 1;
export const SYNC_FILE_RANGE_WRITE = 2;
export const SYNC_FILE_RANGE_WAIT_AFTER = 4;
export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;

/* Readiness. */
export const POLLIN = 1;
export const POLLPRI = 2;
export const POLLOUT = 4;
export const POLLERR = 8;
export const POLLHUP = 16;
export const POLLNVAL = 32;
export const FD_SETSIZE = 1024;
export const EPOLLIN = 1;
export const EPOLLPRI = 2;
export const EPOLLOUT = 4;
export const EPOLLERR = 8;
export const EPOLLHUP = 16;
export const EPOLLRDHUP = 0x2000;
export const EPOLLET = 0x80000000;
export const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
export const EPOLL_CTL_MOD = 3;
export const EPOLL_CLOEXEC = 0o2000000;
export const EVFILT_READ = -1;
export const EVFILT_WRITE = -2;
export const EV_ADD = 1;
export const EV_DELETE = 2;
export const EV_EOF = 0x8000;
export const EV_ERROR = 0x4000;

/* Processes and signals. */
export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGABRT = 6;
export const SIGBUS = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGSEGV = 11;
export const SIGUSR2 = 12;
export const SIGPIPE = 13;
export const SIGALRM = 14;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGTSTP = 20;
export const SIGWINCH = 28;
export const SIG_DFL = 0;
export const SIG_IGN = 1;
export const WNOHANG = 1;
export const WUNTRACED = 2;
export const RLIMIT_CPU = 0;
export const RLIMIT_DATA = 2;
export const RLIMIT_CORE = 4;
export const RLIMIT_NOFILE = 7;
export const RLIMIT_AS = 9;
export const RLIM_INFINITY = Infinity;
export const RUSAGE_SELF = 0;
export const RUSAGE_CHILDREN = -1;
export const RUSAGE_THREAD = 1;
export const POSIX_SPAWN_SETSID = 0x80;
export const STDIN_FILENO = 0;
export const STDOUT_FILENO = 1;
export const STDERR_FILENO = 2;

/* syslog. */
export const LOG_EMERG = 0;
export const LOG_ALERT = 1;
export const LOG_CRIT = 2;
export const LOG_ERR = 3;
export const LOG_WARNING = 4;
export const LOG_NOTICE = 5;
export const LOG_INFO = 6;
export const LOG_DEBUG = 7;
export const LOG_PID = 1;
export const LOG_NDELAY = 8;
export const LOG_NOWAIT = 16;
export const LOG_USER = 8;
export const LOG_DAEMON = 24;
export const LOG_LOCAL0 = 128;
export const LOG_LOCAL1 = 136;
export const LOG_LOCAL2 = 144;
export const LOG_LOCAL3 = 152;
export const LOG_LOCAL4 = 160;
export const LOG_LOCAL5 = 168;
export const LOG_LOCAL6 = 176;
export const LOG_LOCAL7 = 184;

/** The texts of glibc, by errno; an empty one has no name there. */
const ERRNO_TEXTS: readonly string[] = [
  'Success',
  'Operation not permitted',
  'No such file or directory',
  'No such process',
  'Interrupted system call',
  'Input/output error',
  'No such device or address',
  'Argument list too long',
  'Exec format error',
  'Bad file descriptor',
  'No child processes',
  'Resource temporarily unavailable',
  'Cannot allocate memory',
  'Permission denied',
  'Bad address',
  'Block device required',
  'Device or resource busy',
  'File exists',
  'Invalid cross-device link',
  'No such device',
  'Not a directory',
  'Is a directory',
  'Invalid argument',
  'Too many open files in system',
  'Too many open files',
  'Inappropriate ioctl for device',
  'Text file busy',
  'File too large',
  'No space left on device',
  'Illegal seek',
  'Read-only file system',
  'Too many links',
  'Broken pipe',
  'Numerical argument out of domain',
  'Numerical result out of range',
  'Resource deadlock avoided',
  'File name too long',
  'No locks available',
  'Function not implemented',
  'Directory not empty',
  'Too many levels of symbolic links',
  '',
  'No message of desired type',
  'Identifier removed',
  'Channel number out of range',
  'Level 2 not synchronized',
  'Level 3 halted',
  'Level 3 reset',
  'Link number out of range',
  'Protocol driver not attached',
  'No CSI structure available',
  'Level 2 halted',
  'Invalid exchange',
  'Invalid request descriptor',
  'Exchange full',
  'No anode',
  'Invalid request code',
  'Invalid slot',
  '',
  'Bad font file format',
  'Device not a stream',
  'No data available',
  'Timer expired',
  'Out of streams resources',
  'Machine is not on the network',
  'Package not installed',
  'Object is remote',
  'Link has been severed',
  'Advertise error',
  'Srmount error',
  'Communication error on send',
  'Protocol error',
  'Multihop attempted',
  'RFS specific error',
  'Bad message',
  'Value too large for defined data type',
  'Name not unique on network',
  'File descriptor in bad state',
  'Remote address changed',
  'Can not access a needed shared library',
  'Accessing a corrupted shared library',
  '.lib section in a.out corrupted',
  'Attempting to link in too many shared libraries',
  'Cannot exec a shared library directly',
  'Invalid or incomplete multibyte or wide character',
  'Interrupted system call should be restarted',
  'Streams pipe error',
  'Too many users',
  'Socket operation on non-socket',
  'Destination address required',
  'Message too long',
  'Protocol wrong type for socket',
  'Protocol not available',
  'Protocol not supported',
  'Socket type not supported',
  'Operation not supported',
  'Protocol family not supported',
  'Address family not supported by protocol',
  'Address already in use',
  'Cannot assign requested address',
  'Network is down',
  'Network is unreachable',
  'Network dropped connection on reset',
  'Software caused connection abort',
  'Connection reset by peer',
  'No buffer space available',
  'Transport endpoint is already connected',
  'Transport endpoint is not connected',
  'Cannot send after transport endpoint shutdown',
  'Too many references: cannot splice',
  'Connection timed out',
  'Connection refused',
  'Host is down',
  'No route to host',
  'Operation already in progress',
  'Operation now in progress',
  'Stale file handle',
  'Structure needs cleaning',
  'Not a XENIX named type file',
  'No XENIX semaphores available',
  'Is a named type file',
  'Remote I/O error',
  'Disk quota exceeded',
  'No medium found',
  'Wrong medium type',
  'Operation canceled',
  'Required key not available',
  'Key has expired',
  'Key has been revoked',
  'Key was rejected by service',
  'Owner died',
  'State not recoverable',
  'Operation not possible due to RF-kill',
  'Memory page has hardware error',
];

/** The texts of glibc for what getaddrinfo returns, by minus the code. */
const EAI_TEXTS: readonly string[] = [
  'Unknown error',
  'Bad value for ai_flags',
  'Name or service not known',
  'Temporary failure in name resolution',
  'Non-recoverable failure in name resolution',
  'No address associated with hostname',
  'ai_family not supported',
  'ai_socktype not supported',
  'Servname not supported for ai_socktype',
  'Address family for hostname not supported',
  'Memory allocation failure',
  'System error',
  'Argument buffer overflow',
];

/**
 * The text for an error number, word for word glibc's: clients and operators see it in replies and logs.
 * @own strerror(3) of libc
 */
export function strerror(errno: number): string {
  return ERRNO_TEXTS[errno] || `Unknown error ${errno}`;
}

/**
 * The text for a code that {@link Posix.getaddrinfo} returned, word for word glibc's.
 * @own gai_strerror(3) of libc
 */
export function gai_strerror(code: number): string {
  return EAI_TEXTS[-code] ?? 'Unknown error';
}

/* ---------------------------------------------------------------------------------------------------------------
 * Structs
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * A socket address of any family: `sockaddr_in`, `sockaddr_in6` and `sockaddr_un` in one. Mutable and reusable: calls
 * that report an address fill the object that they are given.
 */
export class sockaddr {
  /** AF_INET, AF_INET6, AF_UNIX, or AF_UNSPEC when nothing is known. */
  sa_family = AF_UNSPEC;
  /** Numeric IP as inet_ntop prints it, or the path of a Unix socket (empty for an unnamed one). */
  address = '';
  /** Port in host order; 0 for AF_UNIX. */
  port = 0;
  /** sin6_scope_id: the interface of a link-local IPv6 address. */
  scope_id = 0;
}

/** What getaddrinfo is asked for. */
export interface addrinfoHints {
  ai_family: number;
  ai_socktype: number;
  ai_flags: number;
}

/** One answer of getaddrinfo; C's linked list is an array here. */
export interface addrinfo {
  ai_family: number;
  ai_socktype: number;
  ai_protocol: number;
  ai_addr: sockaddr;
}

/** One piece of a vectored write: `len` bytes of `buf` from `off`. Callers keep and reuse the objects. */
export interface iovec {
  buf: Uint8Array;
  off: number;
  len: number;
}

/** One descriptor of a poll(2) call; `revents` is written by the kernel. */
export interface pollfd {
  fd: number;
  events: number;
  revents: number;
}

/** The set of descriptors of select(2): bit fd%32 of word fd/32, FD_SETSIZE bits in all. */
export class fd_set {
  bits = new Int32Array(FD_SETSIZE / 32);
}

/** @own macro FD_ZERO of sys/select.h */
export function FD_ZERO(set: fd_set): void {
  set.bits.fill(0);
}

/** `fd` must be below FD_SETSIZE: above it C corrupts memory, here nothing is recorded. @own macro FD_SET of sys/select.h */
export function FD_SET(fd: number, set: fd_set): void {
  set.bits[fd >> 5] |= 1 << (fd & 31);
}

/** @own macro FD_CLR of sys/select.h */
export function FD_CLR(fd: number, set: fd_set): void {
  set.bits[fd >> 5] &= ~(1 << (fd & 31));
}

/** @own macro FD_ISSET of sys/select.h */
export function FD_ISSET(fd: number, set: fd_set): boolean {
  return (set.bits[fd >> 5] & (1 << (fd & 31))) !== 0;
}

/** `dst = src`, the memcpy of fd_set in ae_select.c. @own memcpy of an fd_set */
export function FD_COPY(src: fd_set, dst: fd_set): void {
  dst.bits.set(src.bits);
}

/**
 * The event array of epoll_wait as two parallel columns; entry j is `fd[j]` (the `data.fd` given at epoll_ctl) and
 * `events[j]` (EPOLLIN, ...). `raw` belongs to the kernel: the structs as its ABI lays them out.
 */
export class epoll_events {
  events: Int32Array;
  fd: Int32Array;
  raw: Int32Array;

  constructor(size: number) {
    this.events = new Int32Array(size);
    this.fd = new Int32Array(size);
    // 16 bytes an entry is the widest layout (arm64); an explicit ArrayBuffer never lies inside V8's moving heap.
    this.raw = new Int32Array(new ArrayBuffer(Math.max(size, 16) * 16));
  }
}

/** struct kevent, the fields that Redis uses. */
export class kevent_t {
  ident = 0;
  filter = 0;
  flags = 0;
}

/** What stat(2) and fstat(2) report. Times are microseconds since 1970. */
export interface stat_t {
  st_mode: number;
  st_size: number;
  st_ino: number;
  st_dev: number;
  st_uid: number;
  st_gid: number;
  st_mtime: number;
}

/** @own macro S_ISREG of sys/stat.h */
export function S_ISREG(mode: number): boolean {
  return (mode & S_IFMT) === S_IFREG;
}

/** @own macro S_ISDIR of sys/stat.h */
export function S_ISDIR(mode: number): boolean {
  return (mode & S_IFMT) === S_IFDIR;
}

/** struct rlimit; RLIM_INFINITY is JavaScript's Infinity. */
export interface rlimit {
  rlim_cur: number;
  rlim_max: number;
}

/** struct rusage: times in microseconds, ru_maxrss in KiB as on Linux. */
export interface rusage {
  ru_utime: number;
  ru_stime: number;
  ru_maxrss: number;
}

/** struct utsname. */
export interface utsname {
  sysname: string;
  nodename: string;
  release: string;
  version: string;
  machine: string;
}

/** struct tm of localtime_r. */
export interface tm {
  tm_sec: number;
  tm_min: number;
  tm_hour: number;
  tm_mday: number;
  /** 0-11. */
  tm_mon: number;
  /** Years since 1900. */
  tm_year: number;
  /** 0 is Sunday. */
  tm_wday: number;
  tm_yday: number;
  tm_isdst: number;
  /** Seconds east of UTC. */
  tm_gmtoff: number;
}

/** What waitpid found: the pid, and the raw status word for WIFEXITED and its sisters. */
export interface waitResult {
  pid: number;
  status: number;
}

/** @own macro WIFEXITED of sys/wait.h */
export function WIFEXITED(status: number): boolean {
  return (status & 0x7f) === 0;
}

/** @own macro WEXITSTATUS of sys/wait.h */
export function WEXITSTATUS(status: number): number {
  return (status >> 8) & 0xff;
}

/** @own macro WIFSIGNALED of sys/wait.h */
export function WIFSIGNALED(status: number): boolean {
  return (status & 0x7f) !== 0 && (status & 0x7f) !== 0x7f;
}

/** @own macro WTERMSIG of sys/wait.h */
export function WTERMSIG(status: number): number {
  return status & 0x7f;
}

/** A signal handler, or SIG_DFL or SIG_IGN. */
export type sighandler = ((sig: number) => void) | typeof SIG_DFL | typeof SIG_IGN;

/** How posix_spawn sets the child up. A descriptor that is left out becomes /dev/null. */
export interface spawnOptions {
  /** `NAME=value` strings; the parent's environment when left out. */
  envp?: string[];
  stdin?: number;
  stdout?: number;
  stderr?: number;
  /** POSIX_SPAWN_SETSID puts the child into a session of its own. */
  flags?: number;
}

/* ---------------------------------------------------------------------------------------------------------------
 * The loop of the process around us
 * ------------------------------------------------------------------------------------------------------------- */

/** Something the process's own loop does for us until `close`. Closing twice is harmless. */
export interface HostHandle {
  close(): void;
}

/** A timer of the process's own loop that is armed again and again. */
export interface HostTimer extends HostHandle {
  /** Calls back once, `us` microseconds from now (rounded up to what the host can do); replaces an earlier arming. */
  start(us: number): void;
  stop(): void;
}

/**
 * The loop that owns the process's wait (libuv; the stepping of a simulated world). `ae` owns readiness and borrows
 * turns from it, see `ae/ae_uv.ts`. Callbacks run on an empty stack; what they throw is an uncaught exception.
 */
export interface HostLoop {
  /** Calls `cb` whenever `fd` is readable (level-triggered), until closed. null when the host cannot watch it. */
  watchReadable(fd: number, cb: () => void): HostHandle | null;
  /** Calls `cb` once, after the host has had a chance to serve its own events. */
  defer(cb: () => void): void;
  /** A timer at rest. */
  timer(cb: () => void): HostTimer;
}

/* ---------------------------------------------------------------------------------------------------------------
 * The interface
 * ------------------------------------------------------------------------------------------------------------- */

/** A kernel with its libc. */
export interface Posix {
  /** Why the last failing call failed; a success leaves it alone. Writable, as in C. */
  errno: number;
  /** 'linux', 'darwin', ... as process.platform, or 'sim'. */
  readonly platform: string;
  /** The loop of the process, from which event loops borrow their turns. */
  readonly host: HostLoop;

  /* ---- sockets ---- */

  /** A new socket's descriptor; `type` may carry SOCK_NONBLOCK and SOCK_CLOEXEC. */
  socket(domain: number, type: number, protocol: number): number;
  /** Gives the socket its local address; port 0 lets the kernel choose (see getsockname). 0 or -1. */
  bind(fd: number, addr: sockaddr): number;
  listen(fd: number, backlog: number): number;
  /** Takes one waiting connection: its descriptor, or -1 (EAGAIN when none waits on a non-blocking socket). `peer` is filled. */
  accept4(fd: number, peer: sockaddr | null, flags: number): number;
  /** 0 when connected; -1 with EINPROGRESS when a non-blocking socket has started to connect. */
  connect(fd: number, addr: sockaddr): number;
  /** Fills `addr` with the local address. 0 or -1. */
  getsockname(fd: number, addr: sockaddr): number;
  /** Fills `addr` with the other side's address. 0 or -1. */
  getpeername(fd: number, addr: sockaddr): number;
  /** Sets an int option. */
  setsockopt(fd: number, level: number, optname: number, value: number): number;
  /** Sets SO_RCVTIMEO or SO_SNDTIMEO, in milliseconds. */
  setsockopt_timeval_ms(fd: number, level: number, optname: number, ms: number): number;
  /** The value of an int option (SO_ERROR reads and clears the pending error), or -1. */
  getsockopt(fd: number, level: number, optname: number): number;
  shutdown(fd: number, how: number): number;
  /** Resolves a name, blocking. The answers, or a code EAI_* (a number) for gai_strerror. A null node means the wildcard or loopback. */
  getaddrinfo(
    node: string | null,
    service: string | null,
    hints: addrinfoHints,
  ): addrinfo[] | number;
  /** The numeric address in canonical form if `ip` is one of the family (AF_INET, AF_INET6), else null. */
  inet_pton(family: number, ip: string): string | null;

  /* ---- descriptors: the hot path. Buffers should have their memory off V8's heap (Buffer.allocUnsafeSlow) ---- */

  /** Reads up to `len` bytes into `buf` at `off`. The count, 0 at the end of the stream, -1 on failure. */
  read(fd: number, buf: Uint8Array, off: number, len: number): number;
  /** Writes up to `len` bytes of `buf` from `off`. The count, which may be short, or -1. Never raises SIGPIPE: EPIPE. */
  write(fd: number, buf: Uint8Array, off: number, len: number): number;
  /** Writes the first `cnt` pieces of `iov` (at most 1024) as one; the count of bytes, which may be short, or -1. */
  writev(fd: number, iov: iovec[], cnt: number): number;
  close(fd: number): number;
  /** F_GETFL, F_SETFL, F_GETFD, F_SETFD: the flags, or 0, or -1. */
  fcntl(fd: number, cmd: number, arg: number): number;
  /** LOCK_SH, LOCK_EX, LOCK_UN, with LOCK_NB (then EWOULDBLOCK when another open file holds it). */
  flock(fd: number, operation: number): number;
  dup(fd: number): number;
  dup2(oldfd: number, newfd: number): number;
  /** Fills fds[0] (read end) and fds[1] (write end); `flags` are O_NONBLOCK and O_CLOEXEC. */
  pipe2(fds: number[], flags: number): number;

  /* ---- readiness ---- */

  /** Waits until one of the first `nfds` is ready or `timeout_ms` passed (-1: for ever). How many have revents, 0, or -1. */
  poll(fds: pollfd[], nfds: number, timeout_ms: number): number;
  /** Waits on the descriptors below `nfds` and leaves the ready ones in the sets. `timeout_us` -1: for ever. How many, 0, or -1. */
  select(nfds: number, readfds: fd_set, writefds: fd_set, timeout_us: number): number;
  epoll_create1(flags: number): number;
  /** EPOLL_CTL_ADD, _MOD, _DEL with the interest `events`; the descriptor itself is the user data. */
  epoll_ctl(epfd: number, op: number, fd: number, events: number): number;
  /** Fills up to `maxevents` entries of `evs`. `timeout_ms` 0 polls, -1 waits for ever. How many, 0, or -1. */
  epoll_wait(epfd: number, evs: epoll_events, maxevents: number, timeout_ms: number): number;
  /** A BSD event queue; -1 with ENOSYS where there is none. */
  kqueue(): number;
  /** Applies `nchanges` of `changes`, then waits and fills up to `nevents` of `events`. `timeout_us` -1: for ever. */
  kevent(
    kq: number,
    changes: kevent_t[] | null,
    nchanges: number,
    events: kevent_t[] | null,
    nevents: number,
    timeout_us: number,
  ): number;

  /* ---- files ---- */

  open(path: string, flags: number, mode: number): number;
  /** The new offset, or -1 (ESPIPE on a pipe or socket). */
  lseek(fd: number, offset: number, whence: number): number;
  fstat(fd: number): stat_t | null;
  stat(path: string): stat_t | null;
  lstat(path: string): stat_t | null;
  ftruncate(fd: number, length: number): number;
  truncate(path: string, length: number): number;
  fsync(fd: number): number;
  fdatasync(fd: number): number;
  /** Starts or waits for write-back of a range; falls back to fdatasync where the system lacks it. */
  sync_file_range(fd: number, offset: number, nbytes: number, flags: number): number;
  rename(oldpath: string, newpath: string): number;
  unlink(path: string): number;
  link(oldpath: string, newpath: string): number;
  mkdir(path: string, mode: number): number;
  rmdir(path: string): number;
  /** The names in a directory, `.` and `..` left out, in the order of the system. null on failure. */
  readdir(path: string): string[] | null;
  chmod(path: string, mode: number): number;
  fchmod(fd: number, mode: number): number;
  access(path: string, mode: number): number;
  /** The whole file at once (what C does with fopen, fread, fclose), or null. Works on /proc, too. */
  readFile(path: string): Uint8Array | null;
  getcwd(): string;
  chdir(path: string): number;
  /** Sets the mask and returns the old one. */
  umask(mask: number): number;
  /** glob(3): the paths that match, sorted; a pattern without wildcards that names nothing gives an empty array. */
  glob(pattern: string): string[];
  /** Creates and opens a unique file for a template that ends in XXXXXX; its descriptor and name, or null. */
  mkstemp(template: string): { fd: number; path: string } | null;

  /* ---- the process ---- */

  getpid(): number;
  getppid(): number;
  kill(pid: number, sig: number): number;
  setsid(): number;
  /**
   * Starts the program `path` with `argv` (argv[0] included); its pid, or -1. Without a fork this is what there is:
   * scripts of sentinel, and `daemonize`, which starts the program once more in a session of its own and leaves.
   */
  posix_spawn(path: string, argv: string[], options: spawnOptions): number;
  /** Replaces the program; returns (with -1) only on failure. */
  execve(path: string, argv: string[], envp: string[]): number;
  /** Waits for a child (pid -1: any). null on failure (ECHILD), pid 0 when WNOHANG and none has changed. */
  waitpid(pid: number, options: number): waitResult | null;
  /** The program that runs, and its arguments as needed to run it once more (interpreter and script included). */
  execArgv(): string[];
  exit(code: number): never;
  /** Ends the process with SIGABRT, a core dump where enabled. */
  abort(): never;
  /**
   * Installs a handler. It is called between two turns of event loops, never in the middle of JavaScript code, so that it
   * may touch anything. The previous handler of the same signal is replaced. 0, or -1 (EINVAL) for SIGKILL and SIGSTOP.
   */
  signal(sig: number, handler: sighandler): number;
  getrlimit(resource: number): rlimit | null;
  setrlimit(resource: number, limit: rlimit): number;
  getrusage(who: number): rusage | null;
  getenv(name: string): string | undefined;
  /** The environment as `NAME=value` strings. */
  environ(): string[];
  uname(): utsname;
  gethostname(): string;
  isatty(fd: number): boolean;
  /** Bytes of a memory page. */
  getpagesize(): number;
  /** Bytes of physical memory in the machine. */
  physicalMemory(): number;
  /** Bytes of memory that the process holds resident. */
  rss(): number;
  /** The CPUs that may run this thread; a list of numbers. 0, or -1. */
  sched_setaffinity(cpus: number[]): number;
  /** What ps and top show. */
  setproctitle(title: string): void;
  openlog(ident: string, option: number, facility: number): void;
  syslog(priority: number, message: string): void;
  /** Puts a terminal into raw mode (byte by byte, no echo, no signals) or back into its first mode. */
  setRawMode(fd: number, raw: boolean): number;
  /** Columns of a terminal, or -1. */
  terminalColumns(fd: number): number;

  /* ---- clocks and chance ---- */

  /** Wall clock: microseconds since 1970. May jump. */
  gettimeofday(): number;
  /** CLOCK_MONOTONIC: microseconds since an arbitrary moment. */
  clock_monotonic(): number;
  /** Blocks for that many microseconds. */
  usleep(us: number): void;
  /** Seconds since 1970 as calendar fields in the zone of the process. */
  localtime(seconds: number): tm;
  /** Fills `len` bytes of `buf` from `off` with random bytes fit for secrets (in the simulation: from the seed). */
  getrandom(buf: Uint8Array, off: number, len: number): void;
}

/**
 * The kernel of whatever runs now. A live binding: every event loop that runs several simulated hosts in one process
 * switches it together with the current server. It is undefined until the first {@link usePosix}.
 */
export let posix: Posix;

/**
 * Makes `kernel` the current one. It is assigned only when it is another: what V8 never sees assigned it compiles as a constant.
 * @own one process can hold several simulated machines
 */
export function usePosix(kernel: Posix): void {
  if (posix !== kernel) posix = kernel;
}
