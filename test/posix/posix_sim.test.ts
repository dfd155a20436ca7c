/**
 * The simulated kernel: time, network and disk behave, and misbehave, as they are told.
 */
import { expect } from 'chai';
import * as P from '../../posix/posix.ts';
import { SimExit, type SimKernel, SimWorld } from '../../posix/posix_sim.ts';

function inet(address: string, port: number): P.sockaddr {
  const a = new P.sockaddr();
  a.sa_family = P.AF_INET;
  a.address = address;
  a.port = port;
  return a;
}

function bytes(s: string): Uint8Array {
  return Uint8Array.from(s, (c) => c.charCodeAt(0));
}

function put(k: SimKernel, fd: number, s: string): number {
  return k.write(fd, bytes(s), 0, s.length);
}

function get(k: SimKernel, fd: number, max: number = 1000): string {
  const buf = new Uint8Array(max);
  const n = k.read(fd, buf, 0, max);
  return n < 0 ? `errno ${k.errno}` : String.fromCharCode(...buf.subarray(0, n));
}

/** Two hosts with one connection: descriptor on `a` (the server) and on `b`. */
function connected(world: SimWorld): { a: SimKernel; b: SimKernel; s: number; c: number } {
  const a = world.host('10.0.0.1');
  const b = world.host('10.0.0.2');
  const l = a.socket(P.AF_INET, P.SOCK_STREAM, 0);
  expect(a.bind(l, inet('0.0.0.0', 6379))).to.equal(0);
  expect(a.listen(l, 5)).to.equal(0);
  const c = b.socket(P.AF_INET, P.SOCK_STREAM, 0);
  expect(b.connect(c, inet('10.0.0.1', 6379))).to.equal(0);
  const s = a.accept4(l, null, P.SOCK_NONBLOCK);
  b.fcntl(c, P.F_SETFL, P.O_NONBLOCK);
  return { a, b, s, c };
}

describe('SimWorld', () => {
  it('makes things happen in the order of their time, and time jump to them', () => {
    const world = new SimWorld(1);
    const seen: string[] = [];
    for (const [us, name] of [
      [30, 'c'],
      [10, 'a'],
      [20, 'b'],
      [10, 'a2'],
    ] as const) {
      world.at(us, null, () => seen.push(`${name}@${world.now}`));
    }
    world.advance(25);
    expect(seen).to.deep.equal(['a@10', 'a2@10', 'b@20']);
    expect(world.now).to.equal(25);
    expect(world.runUntil(() => seen.length === 4, 1000)).to.equal(true);
    expect(world.now).to.equal(30);
    expect(world.step()).to.equal(false);
    expect(world.runUntil(() => false, 1000)).to.equal(false);
    expect(world.now).to.equal(1030);
  });

  it('its clocks stand still while code runs, unless reading them costs something', () => {
    const world = new SimWorld(1);
    const k = world.host('10.0.0.1');
    const began = k.gettimeofday();
    expect([k.clock_monotonic(), k.clock_monotonic()]).to.deep.equal([0, 0]);
    world.readingCost = 1;
    expect([k.clock_monotonic(), k.clock_monotonic(), k.gettimeofday() - began]).to.deep.equal([
      1, 2, 3,
    ]);
    let at = 0;
    world.at(2, null, () => (at = world.now));
    while (k.clock_monotonic() < 10);
    world.step();
    expect(at).to.equal(10);
  });

  it('the same seed gives the same random numbers, another one others', () => {
    const draw = (seed: number): string => {
      const b = new Uint8Array(20);
      new SimWorld(seed).host('10.0.0.1').getrandom(b, 0, 20);
      return b.join();
    };
    expect(draw(1)).to.equal(draw(1));
    expect(draw(1)).to.not.equal(draw(2));
  });

  it('exit ends a program and its callbacks, and boot clears the way for another', () => {
    const world = new SimWorld(1);
    const k = world.host('10.0.0.1');
    let late = false;
    k.host.defer(() => k.exit(3));
    k.host.timer(() => (late = true)).start(10);
    world.advance(100);
    expect([k.exitCode, late]).to.deep.equal([3, false]);
    k.boot();
    expect(put(k, 1, 'hello')).to.equal(5);
    expect([k.exitCode, k.output]).to.deep.equal([null, 'hello']);
    expect(() => k.abort()).to.throw(SimExit);
  });

  it('signals reach their handler between turns, or end the program', () => {
    const world = new SimWorld(1);
    const k = world.host('10.0.0.1');
    let seen = 0;
    k.signal(P.SIGTERM, (sig) => (seen = sig));
    k.kill(k.getpid(), P.SIGTERM);
    expect(seen).to.equal(0);
    world.advance(1);
    expect(seen).to.equal(P.SIGTERM);
    k.kill(k.getpid(), P.SIGINT);
    world.advance(1);
    expect(k.exitCode).to.equal(130);
  });
});

describe('the simulated network', () => {
  it('delivers after the latency, in order, in segments', () => {
    const world = new SimWorld(1);
    const { a, b, s, c } = connected(world);
    world.network.latency = 500;
    world.network.segment = 4;
    world.network.jitter = 300;
    const start = world.now;
    expect(put(b, c, 'hello world')).to.equal(11);
    expect(get(a, s)).to.equal(`errno ${P.EAGAIN}`);
    let got = '';
    world.runUntil(() => {
      const t = get(a, s);
      if (!t.startsWith('errno')) got += t;
      return got.length === 11;
    }, 1e6);
    expect(got).to.equal('hello world');
    expect(world.now - start).to.be.within(500, 800);
  });

  it('a writer is stopped by a full buffer, and woken by the reader', () => {
    const world = new SimWorld(1);
    const { a, b, s, c } = connected(world);
    const big = new Uint8Array(1 << 20);
    const n = b.write(c, big, 0, big.length);
    expect(n).to.be.lessThan(big.length);
    expect(b.write(c, big, 0, 1)).to.equal(-1);
    expect(b.errno).to.equal(P.EAGAIN);
    const fds = [{ fd: c, events: P.POLLOUT, revents: 0 }];
    expect(b.poll(fds, 1, 10)).to.equal(0);
    a.read(s, big, 0, 1000);
    expect(b.poll(fds, 1, 10)).to.equal(1);
  });

  it('holds what is sent over a cut link until it is healed, still in order', () => {
    const world = new SimWorld(1);
    const { a, b, s, c } = connected(world);
    world.network.partition('10.0.0.1', '10.0.0.2');
    put(b, c, 'one ');
    world.advance(150000);
    put(b, c, 'two ');
    world.advance(150000);
    expect(get(a, s)).to.equal(`errno ${P.EAGAIN}`);
    world.network.heal();
    put(b, c, 'three');
    world.advance(500000);
    expect(get(a, s)).to.equal('one two three');
  });

  it('a refused, an unreachable and an unanswered connect fail as with a real network', () => {
    const world = new SimWorld(1);
    const b = world.host('10.0.0.2');
    world.host('10.0.0.1');
    const tryTo = (ip: string): number => {
      const fd = b.socket(P.AF_INET, P.SOCK_STREAM, 0);
      return b.connect(fd, inet(ip, 1)) === -1 ? b.errno : 0;
    };
    expect(tryTo('10.0.0.1')).to.equal(P.ECONNREFUSED);
    expect(tryTo('10.9.9.9')).to.equal(P.EHOSTUNREACH);
    world.network.partition('10.0.0.1', '10.0.0.2');
    const start = world.now;
    expect(tryTo('10.0.0.1')).to.equal(P.ETIMEDOUT);
    expect(world.now - start).to.be.greaterThan(100e6);
  });

  it('a peer that closed gives an end of file, one that crashed a reset once it is back', () => {
    const world = new SimWorld(1);
    const one = connected(world);
    put(one.b, one.c, 'bye');
    one.b.close(one.c);
    world.advance(1000);
    expect([get(one.a, one.s), get(one.a, one.s)]).to.deep.equal(['bye', '']);

    const two = connected(new SimWorld(1));
    two.b.crash();
    put(two.a, two.s, 'anybody?');
    two.a.world.advance(1e6);
    expect(get(two.a, two.s)).to.equal(`errno ${P.EAGAIN}`);
    two.b.boot();
    two.a.world.advance(1e6);
    expect(get(two.a, two.s)).to.equal(`errno ${P.ECONNRESET}`);
    expect(put(two.a, two.s, 'x')).to.equal(-1);
    expect(two.a.errno).to.equal(P.EPIPE);
  });

  it('Unix sockets and pipes connect within a host', () => {
    const k = new SimWorld(1).host('10.0.0.1');
    const addr = new P.sockaddr();
    addr.sa_family = P.AF_UNIX;
    addr.address = '/tmp/redis.sock';
    const l = k.socket(P.AF_UNIX, P.SOCK_STREAM, 0);
    expect(k.bind(l, addr)).to.equal(0);
    expect(k.listen(l, 5)).to.equal(0);
    const c = k.socket(P.AF_UNIX, P.SOCK_STREAM, 0);
    expect(k.connect(c, addr)).to.equal(0);
    const s = k.accept4(l, null, 0);
    put(k, c, 'hi');
    expect(get(k, s)).to.equal('hi');
    const fds: number[] = [];
    k.pipe2(fds, P.O_NONBLOCK);
    put(k, fds[1], 'through');
    k.close(fds[1]);
    expect([get(k, fds[0], 4), get(k, fds[0]), get(k, fds[0])]).to.deep.equal(['thro', 'ugh', '']);
    expect(k.getaddrinfo('nosuch', null, { ai_family: 0, ai_socktype: 1, ai_flags: 0 })).to.equal(
      P.EAI_NONAME,
    );
  });

  it('a blocking read lets the other host go on', () => {
    const world = new SimWorld(1);
    const { a, b, s, c } = connected(world);
    a.fcntl(s, P.F_SETFL, 0);
    let mine = 0;
    a.host.timer(() => mine++).start(50);
    b.host.timer(() => put(b, c, 'late')).start(5000);
    expect(get(a, s)).to.equal('late');
    expect(world.now).to.be.greaterThan(5000);
    // The callback of the blocked host waited for its turn.
    expect(mine).to.equal(0);
    world.advance(1);
    expect(mine).to.equal(1);
    a.setsockopt_timeval_ms(s, P.SOL_SOCKET, P.SO_RCVTIMEO, 10);
    expect(get(a, s)).to.equal(`errno ${P.EAGAIN}`);
  });
});

describe('the simulated disk', () => {
  function file(k: SimKernel, path: string, flags: number = P.O_RDWR | P.O_CREAT): number {
    return k.open(path, flags, 0o644);
  }

  it('loses in a crash what was not synced: contents, new names and renames', () => {
    const k = new SimWorld(1).host('10.0.0.1');
    const f = file(k, '/a');
    put(k, f, 'kept');
    k.fsync(f);
    put(k, f, ' lost');
    file(k, '/never');
    k.rename('/a', '/b');
    expect(k.readFile('/b')).to.deep.equal(bytes('kept lost'));
    k.crash();
    k.boot();
    expect(k.readFile('/a')).to.deep.equal(bytes('kept'));
    expect([k.readFile('/b'), k.readFile('/never')]).to.deep.equal([null, null]);
    expect(k.errno).to.equal(P.ENOENT);
  });

  it('a synced directory keeps its names', () => {
    const k = new SimWorld(1).host('10.0.0.1');
    const f = file(k, '/tmp/x');
    put(k, f, 'data');
    k.fsync(f);
    k.rename('/tmp/x', '/tmp/y');
    const d = k.open('/tmp', P.O_RDONLY, 0);
    expect(k.fsync(d)).to.equal(0);
    k.crash();
    k.boot();
    expect(k.readdir('/tmp')).to.deep.equal(['y']);
    expect(k.readFile('/tmp/y')).to.deep.equal(bytes('data'));
  });

  it('a torn tail keeps some of the last bytes', () => {
    const lengths = new Set<number>();
    for (let seed = 1; seed < 20; seed++) {
      const k = new SimWorld(seed).host('10.0.0.1');
      k.disk.torn = true;
      const f = file(k, '/aof');
      put(k, f, '12345');
      k.fsync(f);
      put(k, f, '67890');
      k.crash();
      const kept = String.fromCharCode(...k.readFile('/aof')!);
      expect('1234567890'.startsWith(kept)).to.equal(true);
      lengths.add(kept.length);
    }
    expect(Math.min(...lengths)).to.be.at.least(5);
    expect(lengths.size).to.be.greaterThan(3);
  });

  it('fails and fills up when told to', () => {
    const k = new SimWorld(1).host('10.0.0.1');
    const f = file(k, '/f');
    k.disk.capacity = 6;
    expect([put(k, f, '1234'), put(k, f, '5678'), put(k, f, '9')]).to.deep.equal([4, 2, -1]);
    expect(k.errno).to.equal(P.ENOSPC);
    k.disk.errno = P.EIO;
    expect(k.fsync(f)).to.equal(-1);
    expect(k.errno).to.equal(P.EIO);
  });

  it('has directories, patterns, offsets, locks and modes', () => {
    const k = new SimWorld(1).host('10.0.0.1');
    expect([
      k.mkdir('/etc', 0o777),
      k.mkdir('/etc', 0o777),
      k.mkdir('/no/dir', 0o777),
    ]).to.deep.equal([0, -1, -1]);
    expect(k.chdir('/etc')).to.equal(0);
    for (const n of ['b.conf', 'a.conf', 'c.txt']) k.close(file(k, n));
    expect(k.glob('*.conf')).to.deep.equal(['a.conf', 'b.conf']);
    expect(k.glob('/etc/[!ab].t?t')).to.deep.equal(['/etc/c.txt']);
    expect(k.rmdir('/etc')).to.equal(-1);
    expect(k.errno).to.equal(P.ENOTEMPTY);
    const f = file(k, '../etc/./a.conf');
    put(k, f, 'hello');
    expect(k.lseek(f, -2, P.SEEK_END)).to.equal(3);
    expect(get(k, f)).to.equal('lo');
    expect(k.ftruncate(f, 8)).to.equal(0);
    expect(k.readFile('a.conf')).to.deep.equal(bytes('hello\0\0\0'));
    const g = file(k, 'a.conf');
    expect([k.flock(f, P.LOCK_EX), k.flock(g, P.LOCK_EX | P.LOCK_NB)]).to.deep.equal([0, -1]);
    k.close(f);
    expect(k.flock(g, P.LOCK_EX | P.LOCK_NB)).to.equal(0);
    expect(k.stat('a.conf')!.st_mode).to.equal(P.S_IFREG | 0o644);
    expect(k.open('a.conf', P.O_CREAT | P.O_EXCL, 0)).to.equal(-1);
    const a = k.open('a.conf', P.O_WRONLY | P.O_APPEND, 0);
    put(k, a, '!');
    expect(k.fstat(a)!.st_size).to.equal(9);
    expect(get(k, a)).to.equal(`errno ${P.EBADF}`);
    expect(k.unlink('a.conf')).to.equal(0);
    expect(k.access('a.conf', P.F_OK)).to.equal(-1);
  });

  it('links, truncates, changes modes, moves whole directories, and knows what is missing', () => {
    const k = new SimWorld(1).host('10.0.0.1');
    k.mkdir('/d', 0o755);
    const f = file(k, '/d/x');
    put(k, f, 'abc');
    expect(k.link('/d/x', '/d/y')).to.equal(0);
    expect(k.link('/d/x', '/d/y')).to.equal(-1);
    expect(k.stat('/d/y')!.st_ino).to.equal(k.fstat(f)!.st_ino);
    expect([k.chmod('/d/x', 0o600), k.fchmod(f, 0o640), k.truncate('/d/x', 1)]).to.deep.equal([
      0, 0, 0,
    ]);
    expect(k.lstat('/d/y')).to.include({ st_mode: P.S_IFREG | 0o640, st_size: 1 });
    expect(k.rename('/d', '/e')).to.equal(0);
    expect(k.readdir('/e')).to.deep.equal(['x', 'y']);
    expect(k.rename('/e/x', '/tmp')).to.equal(-1);
    expect(k.errno).to.equal(P.EISDIR);
    const d = k.dup(f);
    expect(k.lseek(d, 0, P.SEEK_CUR)).to.equal(3);
    expect([k.dup2(f, 50), k.fcntl(50, P.F_SETFD, 1), k.fcntl(50, P.F_GETFD, 0)]).to.deep.equal([
      50, 0, 1,
    ]);
    expect([
      k.fdatasync(f),
      k.sync_file_range(f, 0, 1, 2),
      k.umask(0),
      k.umask(0o22),
    ]).to.deep.equal([0, 0, 0o22, 0]);
    const missing = [
      k.chmod('/q', 0),
      k.truncate('/q', 0),
      k.unlink('/q'),
      k.rmdir('/q'),
      k.chdir('/q'),
      k.rename('/q', '/r'),
    ];
    expect(missing).to.deep.equal([-1, -1, -1, -1, -1, -1]);
    expect(k.errno).to.equal(P.ENOENT);
    expect([
      k.read(99, new Uint8Array(1), 0, 1),
      k.dup(99),
      k.lseek(99, 0, 0),
      k.close(99),
    ]).to.deep.equal([-1, -1, -1, -1]);
    expect(k.errno).to.equal(P.EBADF);
    const t = k.mkstemp('/tmp/t-XXXXXX')!;
    expect(k.readFile(t.path)!.length).to.equal(0);
    expect(k.unlink('/e')).to.equal(-1);
  });

  it('answers what a program asks at its start', () => {
    const world = new SimWorld(1);
    const k = world.host('10.0.0.1');
    k.environment.set('A', 'b');
    expect([k.getenv('A'), k.getenv('B'), k.environ().join()]).to.deep.equal([
      'b',
      undefined,
      'A=b',
    ]);
    expect(k.setrlimit(P.RLIMIT_NOFILE, { rlim_cur: 5, rlim_max: 6 })).to.equal(0);
    expect(k.getrlimit(P.RLIMIT_NOFILE)).to.deep.equal({ rlim_cur: 5, rlim_max: 6 });
    expect(k.uname().nodename).to.equal('10.0.0.1');
    expect([k.posix_spawn('/x', [], {}), k.execve('/x', [], []), k.waitpid(-1, 0)]).to.deep.equal([
      -1,
      -1,
      null,
    ]);
    k.onSpawn = (argv, { envp }) => 100 + argv.length + (envp ?? []).length;
    expect(k.posix_spawn('/x', ['x', 'y'], { envp: ['A=b'] })).to.equal(103);
    const start = k.gettimeofday();
    k.clockSkew = 7;
    k.usleep(1000);
    expect(k.gettimeofday() - start).to.equal(1007);
    expect(k.localtime(86400 * 31).tm_mon).to.equal(1);
    expect(k.kill(1, P.SIGTERM)).to.equal(-1);
    expect(k.inet_pton(P.AF_INET, '1.2.3.256')).to.equal(null);
    expect(k.inet_pton(P.AF_INET6, '::1')).to.equal('::1');
  });
});
