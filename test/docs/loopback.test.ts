/**
 * The machine of the recordings: its TCP sockets are real ones, and nothing of that shows in what is recorded.
 */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoopbackKernel } from '../../docs/recorder/loopback.ts';
import { Stage, loadTraced } from '../../docs/recorder/play.ts';
import { Recorder, recordAll } from '../../docs/recorder/record.ts';
import { allScenarios, type Scenario } from '../../docs/recorder/scenarios/scenario.ts';
import {
  AF_INET,
  EAGAIN,
  ECONNRESET,
  EINPROGRESS,
  EPIPE,
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  SHUT_WR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  epoll_events,
  sockaddr,
} from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { SIM_SOCKET_BUFFER, SimWorld } from '../../posix/posix_sim.ts';

const isLinux = process.platform === 'linux';

/** The real sockets of this process, as /proc names them. */
function openSockets(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? [];
    } catch {
      // That one was the folder itself.
      return [];
    }
  });
}

/** Connections of this process between two ports of 127.0.0.1, as the real kernel lists them. */
function establishedSockets(): string[] {
  const mine = new Set(openSockets());
  return readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state, , , , , , inode]) => {
      return state === '01' && local.startsWith('0100007F:') && mine.has(inode);
    })
    .map(([, local, remote]) => `${local} ${remote}`);
}

/** A server and a client on machines of one world. */
class Pair {
  readonly world = new SimWorld(1);
  readonly server = new LoopbackKernel(this.world, '10.0.0.1');
  readonly client = new LoopbackKernel(this.world, '127.0.0.1');
  listener = -1;

  constructor(bufferBytes?: number) {
    this.world.network.latency = 0;
    this.world.hosts.set('127.0.0.1', this.server);
    if (bufferBytes !== undefined) {
      this.server.bufferBytes = bufferBytes;
      this.client.bufferBytes = bufferBytes;
    }
  }

  listen(): void {
    this.listener = this.server.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    expect(this.server.bind(this.listener, Pair.address('0.0.0.0', 6379))).to.equal(0);
    expect(this.server.listen(this.listener, 511)).to.equal(0);
  }

  connect(): number {
    const fd = this.client.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    this.client.bind(fd, Pair.address('127.0.0.1', 50312));
    expect(this.client.connect(fd, Pair.address('127.0.0.1', 6379))).to.equal(-1);
    expect(this.client.errno).to.equal(EINPROGRESS);
    this.world.advance(0);
    return fd;
  }

  /** Two connected descriptors: the client's and the server's. */
  both(): [number, number] {
    this.listen();
    const fd = this.connect();
    return [fd, this.server.accept4(this.listener, null, SOCK_NONBLOCK)];
  }

  close(): void {
    this.client.shutdownProcess(0);
    this.server.shutdownProcess(0);
  }

  static address(ip: string, port: number): sockaddr {
    const made = new sockaddr();
    made.sa_family = AF_INET;
    made.address = ip;
    made.port = port;
    return made;
  }
}

/** Writes a string; the count, or -1. */
function send(kernel: LoopbackKernel, fd: number, text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  return kernel.write(fd, bytes, 0, bytes.length);
}

/** What one read gives; null for the end, errno for a failure. */
function receive(kernel: LoopbackKernel, fd: number, size = 65536): string | null | number {
  const bytes = Buffer.allocUnsafeSlow(size);
  const n = kernel.read(fd, bytes, 0, size);
  if (n === -1) return kernel.errno;
  return n === 0 ? null : bytes.toString('latin1', 0, n);
}

describe('A machine with real sockets', () => {
  let pair = new Pair();
  afterEach(() => pair.close());

  it('carries bytes over connections of the real kernel, between addresses of its own', function () {
    pair = new Pair();
    const [client, server] = pair.both();
    expect(pair.server.accepted).to.equal(1);
    expect(send(pair.client, client, 'PING\r\n')).to.equal(6);
    expect(receive(pair.server, server)).to.equal('PING\r\n');
    expect(receive(pair.server, server)).to.equal(EAGAIN);
    expect(send(pair.server, server, '+PONG\r\n')).to.equal(7);
    expect(receive(pair.client, client, 3)).to.equal('+PO');
    expect(receive(pair.client, client)).to.equal('NG\r\n');

    const seen = new sockaddr();
    expect(pair.server.getpeername(server, seen)).to.equal(0);
    expect(`${seen.address}:${seen.port}`).to.equal('127.0.0.1:50312');
    expect(pair.server.getsockname(server, seen)).to.equal(0);
    expect(`${seen.address}:${seen.port}`).to.equal('127.0.0.1:6379');
    expect([pair.listener, server]).to.deep.equal([3, 4]);

    if (!isLinux) this.skip();
    const [one, other] = establishedSockets();
    expect(one).to.equal(other.split(' ').reverse().join(' '));
    expect(establishedSockets()).to.have.length(2);
  });

  it('asks the real epoll, and keeps the order in which the machine saw things happen', () => {
    pair = new Pair();
    pair.listen();
    const clients = [pair.connect(), pair.connect(), pair.connect()];
    const ep = pair.server.epoll_create1(0);
    const evs = new epoll_events(8);
    const ready = (): string[] => {
      const n = pair.server.epoll_wait(ep, evs, 8, 0);
      return Array.from({ length: n }, (_, i) => `${evs.fd[i]}:${evs.events[i]}`);
    };
    pair.server.epoll_ctl(ep, EPOLL_CTL_ADD, pair.listener, EPOLLIN);
    expect(ready()).to.deep.equal([`${pair.listener}:${EPOLLIN}`]);
    const fds = clients.map(() => pair.server.accept4(pair.listener, null, SOCK_NONBLOCK));
    for (const fd of fds) pair.server.epoll_ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN);
    expect(ready()).to.deep.equal([]);
    for (const i of [2, 0, 1]) send(pair.client, clients[i], 'x');
    expect(ready()).to.deep.equal([2, 0, 1].map((i) => `${fds[i]}:${EPOLLIN}`));
    receive(pair.server, fds[2]);
    pair.server.epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], EPOLLOUT);
    pair.server.epoll_ctl(ep, EPOLL_CTL_DEL, fds[1], 0);
    expect(ready()).to.deep.equal([`${fds[0]}:${EPOLLOUT}`]);
    pair.client.close(clients[2]);
    expect(ready()).to.have.members([`${fds[0]}:${EPOLLOUT}`, `${fds[2]}:${EPOLLIN}`]);
    expect(receive(pair.server, fds[2])).to.equal(null);
  });

  it('takes as many bytes as the simulated one, whatever the real kernel would take', () => {
    pair = new Pair();
    const [client, server] = pair.both();
    const ep = pair.server.epoll_create1(0);
    pair.server.epoll_ctl(ep, EPOLL_CTL_ADD, server, EPOLLOUT);
    const isWritable = (): boolean => pair.server.epoll_wait(ep, new epoll_events(1), 1, 0) === 1;
    expect(isWritable()).to.equal(true);
    expect(send(pair.server, server, 'x'.repeat(SIM_SOCKET_BUFFER + 1))).to.equal(
      SIM_SOCKET_BUFFER,
    );
    expect(send(pair.server, server, 'x')).to.equal(-1);
    expect(pair.server.errno).to.equal(EAGAIN);
    expect(isWritable()).to.equal(false);
    expect(receive(pair.client, client, 1000)).to.have.length(1000);
    expect(isWritable()).to.equal(true);
    expect(send(pair.server, server, 'y'.repeat(2000))).to.equal(1000);
  });

  it('puts aside what the real kernel has no room for', function () {
    this.timeout(20000);
    pair = new Pair(4096);
    const [client, server] = pair.both();
    const text = Array.from({ length: 20000 }, (_, i) => `${i}, `).join('');
    expect(send(pair.server, server, text)).to.equal(text.length);
    let got = '';
    for (let n = 1; got.length < text.length; n = (n * 7) % 9973) {
      got += String(receive(pair.client, client, n));
    }
    expect(got === text).to.equal(true);
    expect(receive(pair.client, client)).to.equal(EAGAIN);
  });

  it('ends and breaks streams as TCP does', () => {
    pair = new Pair();
    const [client, server] = pair.both();
    expect(send(pair.client, client, 'bye')).to.equal(3);
    expect(pair.client.shutdown(client, SHUT_WR)).to.equal(0);
    expect(send(pair.client, client, 'more')).to.equal(-1);
    expect(pair.client.errno).to.equal(EPIPE);
    expect(receive(pair.server, server)).to.equal('bye');
    expect(receive(pair.server, server)).to.equal(null);

    const second = pair.connect();
    const broken = pair.server.accept4(pair.listener, null, SOCK_NONBLOCK);
    const ep = pair.server.epoll_create1(0);
    const evs = new epoll_events(1);
    pair.server.epoll_ctl(ep, EPOLL_CTL_ADD, broken, EPOLLIN);
    send(pair.server, broken, 'unread');
    // Closing with unread data resets the connection.
    pair.client.close(second);
    expect(pair.server.epoll_wait(ep, evs, 1, 0)).to.equal(1);
    expect(evs.events[0]).to.equal(EPOLLIN | EPOLLERR | EPOLLHUP);
    expect(receive(pair.server, broken)).to.equal(ECONNRESET);
    expect(receive(pair.server, broken)).to.equal(null);

    const third = pair.connect();
    const gone = pair.server.accept4(pair.listener, null, SOCK_NONBLOCK);
    pair.client.close(third);
    expect(send(pair.server, gone, 'to nobody')).to.equal(9);
    expect(send(pair.server, gone, 'again')).to.equal(-1);

    const fourth = pair.connect();
    pair.server.close(pair.listener);
    expect(receive(pair.client, fourth)).to.equal(ECONNRESET);
  });

  it('does not go on when the real kernel says something else', function () {
    if (!isLinux) this.skip();
    pair = new Pair();
    const [client, server] = pair.both();
    const ep = pair.server.epoll_create1(0);
    pair.server.epoll_ctl(ep, EPOLL_CTL_ADD, server, EPOLLIN);
    const { real } = pair.client.fds[client] as unknown as { real: number };
    expect(new LibcKernel().write(real, Buffer.from('?'), 0, 1)).to.equal(1);
    const wait = (): number => pair.server.epoll_wait(ep, new epoll_events(1), 1, 0);
    expect(wait).to.throw(`descriptor ${server}: the real kernel says 1, it must be 0`);
    expect(() => receive(pair.server, server)).to.throw('1 bytes came that nobody has sent');
  });
});

describe('A recording over real sockets', function () {
  this.timeout(60000);
  const chosen = (...ids: string[]): Scenario[] =>
    allScenarios().filter(({ id }) => ids.includes(id));
  const folders: string[] = [];
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'loopback-'));
    folders.push(made);
    return made;
  };
  after(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  it('is the one over simulated sockets', () => {
    const scenarios = chosen(
      'scene.accept',
      'scene.pipeline',
      'scene.partial',
      'scene.big-argument',
      'scene.big-reply',
      'scene.disconnect',
      'scene.timeout',
      'scene.max-clients',
      'scene.client-kill',
      'scene.block-serve',
      'scene.block-disconnect',
      'scene.signal',
      'publish.pattern',
      'monitor',
      'quit',
      'shutdown',
    );
    expect(scenarios).to.have.length(16);
    const core = loadTraced();
    expect(core.loopback).to.not.equal(null);
    const real = new Recorder(core, 'real');
    const simulated = new Recorder(core, 'simulated');
    for (const scenario of scenarios) {
      const [one, other] = [real, simulated].map((recorder) => recorder.record(scenario));
      expect(JSON.stringify(one) === JSON.stringify(other), scenario.id).to.equal(true);
    }
  });

  it('is the same in every process', () => {
    const ids = ['scene.start', 'scene.big-reply', 'set', 'randomkey', 'client-list'];
    const [first, second, third] = [folder(), folder(), folder()];
    recordAll(first, chosen(...ids));
    for (const made of [second, third]) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['-r', 'ts-node/register', 'docs/recorder/record.ts', made, ...ids],
        { cwd: join(__dirname, '../..'), encoding: 'latin1' },
      );
      expect([status, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(/^5 scenarios, /);
    }
    for (const id of ids) {
      const [one, ...others] = [first, second, third].map((made) =>
        readFileSync(join(made, `scenarios/${id}.json`), 'latin1'),
      );
      for (const other of others) expect(other === one, id).to.equal(true);
    }
  });

  it('is made by a server with real connections, which knows nothing of it', function () {
    const core = loadTraced();
    const before = isLinux ? openSockets().length : 0;
    const stage = new Stage(core);
    try {
      stage.start();
      for (const letter of 'ABC') stage.connect(letter);
      const { exchanges } = stage.record(() => {
        stage.play('B> CLIENT INFO');
      });
      expect(exchanges[0].reply).to.match(
        / addr=127\.0\.0\.1:50313 laddr=127\.0\.0\.1:6379 fd=\d /,
      );
      expect((stage.kernel as LoopbackKernel).accepted).to.equal(3);
      if (!isLinux) this.skip();
      // Two listening ones and both ends of three connections.
      expect(openSockets()).to.have.length(before + 8);
      expect(establishedSockets()).to.have.length(6);
    } finally {
      stage.close();
    }
    expect(openSockets()).to.have.length(before);
  });

  it('leaves no descriptor open, whatever happens in it', function () {
    if (!isLinux) this.skip();
    const recorder = new Recorder();
    const count = (): number => readdirSync('/proc/self/fd').length;
    const before = count();
    for (const scenario of chosen('set', 'scene.disconnect', 'scene.max-clients', 'shutdown')) {
      recorder.record(scenario);
    }
    const [wrong] = chosen('get');
    expect(() => recorder.record({ ...wrong, trigger: ['PING', '%nonsense'] })).to.throw(
      'no action %nonsense',
    );
    expect(count()).to.equal(before);
  });
});
