/**
 * The real kernel: every group of calls once for real, with the errors that callers rely on.
 */
import { expect } from 'chai';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as P from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';

const k = new LibcKernel();

function inet(address: string, port: number): P.sockaddr {
  const a = new P.sockaddr();
  a.sa_family = address.includes(':') ? P.AF_INET6 : P.AF_INET;
  a.address = address;
  a.port = port;
  return a;
}

/** A listening socket on 127.0.0.1 and its port. */
function listener(): { fd: number; port: number } {
  const fd = k.socket(P.AF_INET, P.SOCK_STREAM | P.SOCK_NONBLOCK | P.SOCK_CLOEXEC, 0);
  expect(k.bind(fd, inet('127.0.0.1', 0))).to.equal(0);
  expect(k.listen(fd, 10)).to.equal(0);
  const a = new P.sockaddr();
  expect(k.getsockname(fd, a)).to.equal(0);
  return { fd, port: a.port };
}

/** Two ends of one connection, both non-blocking. */
function pair(): [number, number] {
  const l = listener();
  const c = k.socket(P.AF_INET, P.SOCK_STREAM, 0);
  expect(k.connect(c, inet('127.0.0.1', l.port))).to.equal(0);
  expect(k.fcntl(c, P.F_SETFL, P.O_NONBLOCK)).to.equal(0);
  const s = k.accept4(l.fd, null, P.SOCK_NONBLOCK);
  expect(s).to.be.greaterThan(2);
  k.close(l.fd);
  return [c, s];
}

describe('LibcKernel: sockets', () => {
  it('accept4 reports the address of the other side', () => {
    const l = listener();
    expect(k.accept4(l.fd, null, 0)).to.equal(-1);
    expect(k.errno).to.equal(P.EAGAIN);
    const c = k.socket(P.AF_INET, P.SOCK_STREAM, 0);
    expect(k.connect(c, inet('127.0.0.1', l.port))).to.equal(0);
    const peer = new P.sockaddr();
    const s = k.accept4(l.fd, peer, P.SOCK_NONBLOCK | P.SOCK_CLOEXEC);
    const mine = new P.sockaddr();
    k.getsockname(c, mine);
    expect([peer.sa_family, peer.address, peer.port]).to.deep.equal([
      P.AF_INET,
      '127.0.0.1',
      mine.port,
    ]);
    expect(k.fcntl(s, P.F_GETFL, 0) & P.O_NONBLOCK).to.not.equal(0);
    expect(k.fcntl(s, P.F_GETFD, 0)).to.equal(P.FD_CLOEXEC);
    k.getpeername(c, peer);
    expect(peer.port).to.equal(l.port);
    for (const fd of [l.fd, c, s]) k.close(fd);
  });

  it('a non-blocking connect starts with EINPROGRESS and a refused one leaves SO_ERROR', () => {
    const l = listener();
    k.close(l.fd);
    const c = k.socket(P.AF_INET, P.SOCK_STREAM | P.SOCK_NONBLOCK, 0);
    expect(k.connect(c, inet('127.0.0.1', l.port))).to.equal(-1);
    if (k.errno === P.EINPROGRESS) {
      k.poll([{ fd: c, events: P.POLLOUT, revents: 0 }], 1, 1000);
      expect(k.getsockopt(c, P.SOL_SOCKET, P.SO_ERROR)).to.equal(P.ECONNREFUSED);
    } else {
      expect(k.errno).to.equal(P.ECONNREFUSED);
    }
    k.close(c);
  });

  it('sets and reads options', () => {
    const fd = k.socket(P.AF_INET, P.SOCK_STREAM, 0);
    expect(k.setsockopt(fd, P.IPPROTO_TCP, P.TCP_NODELAY, 1)).to.equal(0);
    expect(k.getsockopt(fd, P.IPPROTO_TCP, P.TCP_NODELAY)).to.equal(1);
    expect(k.setsockopt(fd, P.SOL_SOCKET, P.SO_KEEPALIVE, 1)).to.equal(0);
    expect(k.setsockopt_timeval_ms(fd, P.SOL_SOCKET, P.SO_SNDTIMEO, 1500)).to.equal(0);
    k.close(fd);
    expect(k.setsockopt(fd, P.SOL_SOCKET, P.SO_KEEPALIVE, 1)).to.equal(-1);
    expect(k.errno).to.equal(P.EBADF);
  });

  it('works with Unix sockets', () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'posix-'));
    const a = new P.sockaddr();
    a.sa_family = P.AF_UNIX;
    a.address = path.join(dir, 's');
    const l = k.socket(P.AF_UNIX, P.SOCK_STREAM, 0);
    expect(k.bind(l, a)).to.equal(0);
    expect(k.listen(l, 5)).to.equal(0);
    const c = k.socket(P.AF_UNIX, P.SOCK_STREAM, 0);
    expect(k.connect(c, a)).to.equal(0);
    const peer = new P.sockaddr();
    const s = k.accept4(l, peer, 0);
    expect(peer.sa_family).to.equal(P.AF_UNIX);
    k.getpeername(c, peer);
    expect(peer.address).to.equal(a.address);
    for (const fd of [l, c, s]) k.close(fd);
    a.address = 'x'.repeat(200);
    expect(k.bind(l, a)).to.equal(-1);
    expect(k.errno).to.equal(P.ENAMETOOLONG);
    fs.rmSync(dir, { recursive: true });
  });

  it('resolves numeric and local names, and reports unknown ones by code', () => {
    const hints = { ai_family: P.AF_UNSPEC, ai_socktype: P.SOCK_STREAM, ai_flags: 0 };
    const found = k.getaddrinfo('127.0.0.1', '6379', hints);
    if (typeof found === 'number') throw new Error(P.gai_strerror(found));
    expect(found[0].ai_addr.address).to.equal('127.0.0.1');
    expect(found[0].ai_addr.port).to.equal(6379);
    hints.ai_flags = P.AI_NUMERICHOST;
    expect(k.getaddrinfo('not-an-ip', null, hints)).to.equal(P.EAI_NONAME);
    expect(k.inet_pton(P.AF_INET6, '0:0::1')).to.equal('::1');
    expect(k.inet_pton(P.AF_INET, '300.1.1.1')).to.equal(null);
  });
});

describe('LibcKernel: descriptors', () => {
  it('reads and writes at offsets, in buffers of any size', () => {
    const [c, s] = pair();
    // 16 bytes: small enough to lie inside the heap of V8 at first.
    const small = new Uint8Array(16).map((_, i) => i);
    expect(k.write(c, small, 4, 5)).to.equal(5);
    const buf = Buffer.allocUnsafeSlow(64).fill(0);
    expect(k.read(s, buf, 10, 54)).to.equal(5);
    expect([...buf.subarray(9, 16)]).to.deep.equal([0, 4, 5, 6, 7, 8, 0]);
    expect(k.read(s, buf, 0, 64)).to.equal(-1);
    expect(k.errno).to.equal(P.EAGAIN);
    const view = Buffer.from('xxhelloxx').subarray(2, 7);
    expect(k.write(c, view, 1, 4)).to.equal(4);
    expect(k.read(s, buf, 0, 64)).to.equal(4);
    expect(buf.latin1Slice(0, 4)).to.equal('ello');
    k.close(c);
    expect(k.read(s, buf, 0, 64)).to.equal(0);
    k.close(s);
  });

  it('writev sends the pieces as one', () => {
    const [c, s] = pair();
    const iov: P.iovec[] = ['ab', 'cdef', 'gh'].map((t) => ({
      buf: Buffer.from(t),
      off: 0,
      len: t.length,
    }));
    iov[1].off = 1;
    iov[1].len = 2;
    expect(k.writev(c, iov, 3)).to.equal(6);
    const buf = Buffer.allocUnsafeSlow(64);
    expect(k.read(s, buf, 0, 64)).to.equal(6);
    expect(buf.latin1Slice(0, 6)).to.equal('abdegh');
    k.close(c);
    k.close(s);
  });

  it('writing to a closed connection is EPIPE or ECONNRESET, not a signal', () => {
    const [c, s] = pair();
    k.close(s);
    const buf = Buffer.alloc(10);
    k.write(c, buf, 0, 10);
    expect(k.write(c, buf, 0, 10)).to.equal(-1);
    expect([P.EPIPE, P.ECONNRESET]).to.include(k.errno);
    k.close(c);
  });

  it('pipes carry bytes, and flock excludes another open file', () => {
    const fds: number[] = [];
    expect(k.pipe2(fds, P.O_NONBLOCK | P.O_CLOEXEC)).to.equal(0);
    const b = Buffer.from('x');
    k.write(fds[1], b, 0, 1);
    expect(k.read(fds[0], b, 0, 1)).to.equal(1);
    expect(k.read(fds[0], b, 0, 1)).to.equal(-1);
    k.close(fds[0]);
    k.close(fds[1]);
    const t = k.mkstemp(path.join(os.tmpdir(), 'lock-XXXXXX'))!;
    const other = k.open(t.path, P.O_RDWR, 0);
    expect(k.flock(t.fd, P.LOCK_EX | P.LOCK_NB)).to.equal(0);
    expect(k.flock(other, P.LOCK_EX | P.LOCK_NB)).to.equal(-1);
    expect(k.errno).to.equal(P.EWOULDBLOCK);
    k.close(t.fd);
    expect(k.flock(other, P.LOCK_EX | P.LOCK_NB)).to.equal(0);
    k.close(other);
    k.unlink(t.path);
  });
});

describe('LibcKernel: readiness', () => {
  it('poll, select and epoll agree', () => {
    const [c, s] = pair();
    const ep = k.epoll_create1(P.EPOLL_CLOEXEC);
    const evs = new P.epoll_events(8);
    expect(k.epoll_ctl(ep, P.EPOLL_CTL_ADD, s, P.EPOLLIN)).to.equal(0);
    expect(k.epoll_ctl(ep, P.EPOLL_CTL_ADD, c, P.EPOLLOUT)).to.equal(0);
    expect(k.epoll_wait(ep, evs, 8, 0)).to.equal(1);
    expect([evs.fd[0], evs.events[0]]).to.deep.equal([c, P.EPOLLOUT]);
    k.write(c, Buffer.from('x'), 0, 1);
    expect(k.epoll_wait(ep, evs, 8, 100)).to.equal(2);
    expect(k.epoll_wait(ep, evs, 1, 100)).to.equal(1);
    const fds = [
      { fd: s, events: P.POLLIN | P.POLLOUT, revents: 0 },
      { fd: c, events: P.POLLIN, revents: 0 },
    ];
    expect(k.poll(fds, 2, 0)).to.equal(1);
    expect([fds[0].revents, fds[1].revents]).to.deep.equal([P.POLLIN | P.POLLOUT, 0]);
    const r = new P.fd_set();
    const w = new P.fd_set();
    P.FD_SET(s, r);
    P.FD_SET(c, r);
    P.FD_SET(c, w);
    expect(k.select(Math.max(c, s) + 1, r, w, 1000)).to.equal(2);
    expect([P.FD_ISSET(s, r), P.FD_ISSET(c, r), P.FD_ISSET(c, w)]).to.deep.equal([
      true,
      false,
      true,
    ]);
    expect(k.epoll_ctl(ep, P.EPOLL_CTL_DEL, c, 0)).to.equal(0);
    expect(k.epoll_ctl(ep, P.EPOLL_CTL_MOD, c, 0)).to.equal(-1);
    expect(k.errno).to.equal(P.ENOENT);
    for (const fd of [c, s, ep]) k.close(fd);
  });

  it('there is no kqueue on Linux', function () {
    if (process.platform !== 'linux') this.skip();
    expect(k.kqueue()).to.equal(-1);
    expect(k.errno).to.equal(P.ENOSYS);
  });
});

describe('LibcKernel: files', () => {
  let dir: string;
  before(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), 'posix-'));
  });
  after(() => fs.rmSync(dir, { recursive: true }));

  it('opens, writes, seeks, truncates, syncs, renames and removes', () => {
    const name = `${dir}/f\xe9`;
    expect(k.open(name, P.O_RDONLY, 0)).to.equal(-1);
    expect(k.errno).to.equal(P.ENOENT);
    const fd = k.open(name, P.O_RDWR | P.O_CREAT | P.O_EXCL, 0o644);
    const b = Buffer.from('hello world');
    expect(k.write(fd, b, 0, b.length)).to.equal(11);
    expect(k.lseek(fd, 6, P.SEEK_SET)).to.equal(6);
    expect(k.read(fd, b, 0, 5)).to.equal(5);
    expect(b.latin1Slice(0, 5)).to.equal('world');
    expect(k.ftruncate(fd, 5)).to.equal(0);
    expect(k.fstat(fd)!.st_size).to.equal(5);
    expect([k.fsync(fd), k.fdatasync(fd), k.sync_file_range(fd, 0, 5, 2)]).to.deep.equal([0, 0, 0]);
    expect(k.rename(name, `${dir}/g`)).to.equal(0);
    expect(k.stat(name)).to.equal(null);
    expect(P.S_ISREG(k.stat(`${dir}/g`)!.st_mode)).to.equal(true);
    expect(Buffer.from(k.readFile(`${dir}/g`)!).toString()).to.equal('hello');
    expect(k.chmod(`${dir}/g`, 0o600)).to.equal(0);
    expect(k.stat(`${dir}/g`)!.st_mode & 0o777).to.equal(0o600);
    expect(k.truncate(`${dir}/g`, 1)).to.equal(0);
    expect(k.unlink(`${dir}/g`)).to.equal(0);
    k.close(fd);
  });

  it('makes and lists directories, and finds names by pattern', () => {
    expect(k.mkdir(`${dir}/sub`, 0o755)).to.equal(0);
    expect(k.mkdir(`${dir}/sub`, 0o755)).to.equal(-1);
    expect(k.errno).to.equal(P.EEXIST);
    for (const n of ['b.conf', 'a.conf', 'c.txt']) fs.writeFileSync(`${dir}/sub/${n}`, n);
    expect(k.readdir(`${dir}/sub`)!.sort()).to.deep.equal(['a.conf', 'b.conf', 'c.txt']);
    expect(k.glob(`${dir}/sub/*.conf`)).to.deep.equal([`${dir}/sub/a.conf`, `${dir}/sub/b.conf`]);
    expect(k.glob(`${dir}/none/*`)).to.deep.equal([]);
    expect(k.rmdir(`${dir}/sub`)).to.equal(-1);
    expect(k.errno).to.equal(P.ENOTEMPTY);
    const old = k.getcwd();
    expect(k.chdir(`${dir}/sub`)).to.equal(0);
    expect(k.getcwd()).to.equal(fs.realpathSync(`${dir}/sub`));
    expect(k.access('c.txt', P.R_OK)).to.equal(0);
    expect(k.chdir(old)).to.equal(0);
    expect(k.chdir(`${dir}/nowhere`)).to.equal(-1);
    expect(k.errno).to.equal(P.ENOENT);
  });
});

describe('LibcKernel: process, clock and chance', () => {
  it('starts programs in a session of their own, with chosen descriptors, and collects them', () => {
    const fds: number[] = [];
    k.pipe2(fds, P.O_CLOEXEC);
    const pid = k.posix_spawn(
      '/bin/sh',
      ['sh', '-c', 'echo "$A $$"; cut -d" " -f6 /proc/$$/stat; exit 7'],
      {
        envp: ['A=hi', `PATH=${k.getenv('PATH')}`],
        stdout: fds[1],
        flags: P.POSIX_SPAWN_SETSID,
      },
    );
    expect(pid).to.be.greaterThan(0);
    k.close(fds[1]);
    const r = k.waitpid(pid, 0)!;
    expect([r.pid, P.WIFEXITED(r.status), P.WEXITSTATUS(r.status)]).to.deep.equal([pid, true, 7]);
    const buf = Buffer.allocUnsafeSlow(100);
    const n = k.read(fds[0], buf, 0, 100);
    expect(buf.latin1Slice(0, n)).to.equal(`hi ${pid}\n${pid}\n`);
    k.close(fds[0]);
    expect(k.waitpid(pid, P.WNOHANG)).to.equal(null);
    expect(k.errno).to.equal(P.ECHILD);
    expect(k.posix_spawn('/no/such/program', ['x'], {})).to.equal(-1);
    expect(k.errno).to.equal(P.ENOENT);
  });

  it('a child dies of the signal that it is sent', () => {
    const pid = k.posix_spawn('/bin/sleep', ['sleep', '60'], {});
    expect(k.waitpid(pid, P.WNOHANG)!.pid).to.equal(0);
    expect(k.kill(pid, P.SIGTERM)).to.equal(0);
    const r = k.waitpid(pid, 0)!;
    expect([P.WIFSIGNALED(r.status), P.WTERMSIG(r.status)]).to.deep.equal([true, P.SIGTERM]);
    expect(k.kill(pid, 0)).to.equal(-1);
    expect(k.errno).to.equal(P.ESRCH);
  });

  it('calls signal handlers from the loop, and forgets replaced ones', (done) => {
    const seen: string[] = [];
    k.signal(P.SIGUSR2, () => seen.push('first'));
    k.signal(P.SIGUSR2, (sig) => {
      expect(sig).to.equal(P.SIGUSR2);
      expect(seen).to.deep.equal([]);
      k.signal(P.SIGUSR2, P.SIG_DFL);
      expect(process.listenerCount('SIGUSR2')).to.equal(0);
      done();
    });
    k.kill(k.getpid(), P.SIGUSR2);
    expect(k.signal(P.SIGKILL, P.SIG_IGN)).to.equal(-1);
    expect(k.errno).to.equal(P.EINVAL);
  });

  it('knows limits, usage and the machine', () => {
    const l = k.getrlimit(P.RLIMIT_NOFILE)!;
    expect(l.rlim_cur).to.be.greaterThan(0);
    expect(k.setrlimit(P.RLIMIT_NOFILE, l)).to.equal(0);
    expect(k.getrusage(P.RUSAGE_SELF)!.ru_utime).to.be.greaterThan(0);
    expect(k.getrusage(P.RUSAGE_CHILDREN)).to.not.equal(null);
    expect(k.getpagesize()).to.be.greaterThan(1023);
    expect(k.rss()).to.be.greaterThan(1e6);
    expect(k.uname().sysname).to.equal(os.type());
    expect(k.isatty(k.open('/dev/null', P.O_RDONLY, 0))).to.equal(false);
    expect(k.terminalColumns(99999)).to.equal(-1);
    expect(k.errno).to.equal(P.EBADF);
  });

  it('the clocks agree with JavaScript', () => {
    expect(Math.abs(k.gettimeofday() / 1000 - Date.now())).to.be.lessThan(50);
    const t = k.clock_monotonic();
    k.usleep(2000);
    expect(k.clock_monotonic() - t).to.be.within(2000, 500000);
    const now = new Date();
    const tm = k.localtime(now.getTime() / 1000);
    expect([tm.tm_year + 1900, tm.tm_mon, tm.tm_mday, tm.tm_hour]).to.deep.equal([
      now.getFullYear(),
      now.getMonth(),
      now.getDate(),
      now.getHours(),
    ]);
    const b = new Uint8Array(64);
    k.getrandom(b, 8, 56);
    expect(b.subarray(0, 8).every((x) => x === 0)).to.equal(true);
    expect(b.subarray(8).some((x) => x !== 0)).to.equal(true);
  });

  it('execve replaces the program, with its arguments and environment', () => {
    // A child of ours does it: node, which reads the kernel's module through ts-node as this test does.
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'posix-'));
    const child = path.join(dir, 'child.js');
    const kernel = path.resolve(__dirname, '../../posix/posix_libc.ts');
    fs.writeFileSync(
      child,
      `const { LibcKernel } = require(${JSON.stringify(kernel)});
       new LibcKernel().execve('/bin/sh', ['sh', '-c', 'echo "$A $1"; kill -PIPE $$', 'x', 'one two'], ['A=env']);`,
    );
    const fds: number[] = [];
    k.pipe2(fds, P.O_CLOEXEC);
    const root = path.resolve(__dirname, '../..');
    const pid = k.posix_spawn(
      process.execPath,
      ['node', '-r', `${root}/node_modules/ts-node/register`, child],
      { stdout: fds[1], envp: [...k.environ(), `TS_NODE_PROJECT=${root}/tsconfig.json`] },
    );
    k.close(fds[1]);
    const r = k.waitpid(pid, 0)!;
    // SIGPIPE, which Node ignores, has its default effect again.
    expect(P.WTERMSIG(r.status)).to.equal(P.SIGPIPE);
    const buf = Buffer.allocUnsafeSlow(100);
    expect(buf.latin1Slice(0, k.read(fds[0], buf, 0, 100))).to.equal('env one two\n');
    k.close(fds[0]);
    fs.rmSync(dir, { recursive: true });
    expect(k.execve('/no/such', ['x'], [])).to.equal(-1);
    expect(k.errno).to.equal(P.ENOENT);
  }).timeout(10000);

  it('descriptors can be doubled, linked names and modes changed', () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'posix-'));
    const fd = k.open(`${dir}/a`, P.O_RDWR | P.O_CREAT, 0o600);
    expect(k.fchmod(fd, 0o640)).to.equal(0);
    expect(k.lstat(`${dir}/a`)!.st_mode & 0o777).to.equal(0o640);
    const d = k.dup(fd);
    expect(d).to.be.greaterThan(fd);
    k.write(d, Buffer.from('abc'), 0, 3);
    expect(k.lseek(fd, 0, P.SEEK_CUR)).to.equal(3);
    expect(k.dup2(fd, d)).to.equal(d);
    expect(k.link(`${dir}/a`, `${dir}/b`)).to.equal(0);
    expect(k.stat(`${dir}/b`)!.st_ino).to.equal(k.fstat(fd)!.st_ino);
    expect(k.readdir(`${dir}/none`)).to.equal(null);
    expect([k.dup(9999), k.dup2(9999, 9998), k.close(9999), k.flock(9999, 2)]).to.deep.equal([
      -1, -1, -1, -1,
    ]);
    expect(k.errno).to.equal(P.EBADF);
    expect([k.fstat(9999), k.readFile(`${dir}/none`)]).to.deep.equal([null, null]);
    k.close(fd);
    k.close(d);
    expect([k.unlink(`${dir}/a`), k.unlink(`${dir}/b`), k.rmdir(dir)]).to.deep.equal([0, 0, 0]);
    expect(k.unlink(`${dir}/a`)).to.equal(-1);
    expect(k.setRawMode(9999, true)).to.equal(-1);
    expect(k.setRawMode(9999, false)).to.equal(0);
  });

  it('writes to the system log, sets title, mask and affinity', () => {
    k.openlog('posix-test', P.LOG_PID | P.LOG_NDELAY | P.LOG_NOWAIT, P.LOG_LOCAL0);
    k.syslog(P.LOG_DEBUG, '100% of %s');
    const title = process.title;
    k.setproctitle('t');
    expect(process.title).to.equal('t');
    if (process.platform === 'linux') {
      const environment = k.environ();
      const long = 'x'.repeat(300);
      k.setproctitle(long);
      const shown = fs.readFileSync('/proc/self/cmdline', 'latin1').replace(/\0+$/, '');
      expect(shown).to.equal(long.slice(0, 255));
      expect(k.environ()).to.deep.equal(environment);
    }
    k.setproctitle(title);
    const old = k.umask(0o77);
    expect(k.umask(old)).to.equal(0o77);
    if (process.platform === 'linux') {
      expect(k.sched_setaffinity([])).to.equal(-1);
      expect(k.errno).to.equal(P.EINVAL);
    }
    expect(k.execArgv()[0]).to.equal(process.execPath);
    expect(k.getppid()).to.equal(process.ppid);
    expect(k.gethostname()).to.equal(os.hostname());
    expect(k.physicalMemory()).to.be.greaterThan(1e8);
  });
});
