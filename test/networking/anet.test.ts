/** anet.ts over the real loopback: listening, connecting, accepting, addresses, and the texts of errors. */
import { expect } from 'chai';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ANET_ERR,
  ANET_IP_ONLY,
  ANET_NONE,
  ANET_OK,
  FD_TO_PEER_NAME,
  FD_TO_SOCK_NAME,
  anetBlock,
  anetCloexec,
  anetDisableTcpNoDelay,
  anetEnableTcpNoDelay,
  anetFdToString,
  anetFormatAddr,
  anetFormatFdAddr,
  anetKeepAlive,
  anetNonBlock,
  anetPipe,
  anetRecvTimeout,
  anetResolve,
  anetSendTimeout,
  anetTcp6Server,
  anetTcpAccept,
  anetTcpNonBlockBestEffortBindConnect,
  anetTcpNonBlockConnect,
  anetTcpServer,
  anetUnixAccept,
  anetUnixGenericConnect,
  anetUnixServer,
  ipPort,
} from '../../networking/anet.ts';
import {
  EAGAIN,
  F_GETFD,
  F_GETFL,
  FD_CLOEXEC,
  IPPROTO_TCP,
  O_CLOEXEC,
  O_NONBLOCK,
  POLLIN,
  POLLOUT,
  TCP_NODELAY,
  posix,
  usePosix,
} from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';

describe('anet', () => {
  const err = { neterr: '' };
  let open: number[] = [];

  /** Notes a descriptor to be closed after the test. */
  function keep(fd: number): number {
    if (fd !== -1) open.push(fd);
    return fd;
  }

  /** Waits until `fd` is ready for `events`. */
  function ready(fd: number, events: number): void {
    expect(posix.poll([{ fd, events, revents: 0 }], 1, 2000)).to.equal(1);
  }

  before(() => usePosix(new LibcKernel()));

  afterEach(() => {
    for (const fd of open) posix.close(fd);
    open = [];
  });

  /** A listening socket on a free port of 127.0.0.1, and its port. */
  function listener(): { fd: number; port: number } {
    const fd = keep(anetTcpServer(err, 0, '127.0.0.1', 16));
    expect(fd, err.neterr).to.be.greaterThan(-1);
    const addr = new ipPort();
    expect(anetFdToString(fd, addr, FD_TO_SOCK_NAME)).to.equal(0);
    return { fd, port: addr.port };
  }

  it('accepts a connection that is neither blocking nor inherited, and tells the peer', () => {
    const { fd, port } = listener();
    const c = keep(anetTcpNonBlockConnect(err, '127.0.0.1', port));
    expect(c).to.be.greaterThan(-1);
    ready(fd, POLLIN);
    const peer = new ipPort();
    const s = keep(anetTcpAccept(err, fd, peer));
    expect(s).to.be.greaterThan(-1);
    expect(posix.fcntl(s, F_GETFL, 0) & O_NONBLOCK).to.equal(O_NONBLOCK);
    expect(posix.fcntl(s, F_GETFD, 0) & FD_CLOEXEC).to.equal(FD_CLOEXEC);
    expect(peer.ip).to.equal('127.0.0.1');
    expect(anetFormatFdAddr(s, FD_TO_PEER_NAME)).to.equal(`127.0.0.1:${peer.port}`);
    expect(anetFormatFdAddr(c, FD_TO_SOCK_NAME)).to.equal(`127.0.0.1:${peer.port}`);
    expect(anetFormatFdAddr(c, FD_TO_PEER_NAME)).to.equal(`127.0.0.1:${port}`);
  });

  it('says EAGAIN when nobody waits to be accepted', () => {
    const { fd } = listener();
    expect(anetNonBlock(err, fd)).to.equal(ANET_OK);
    expect(anetTcpAccept(err, fd, null)).to.equal(ANET_ERR);
    expect(posix.errno).to.equal(EAGAIN);
    expect(err.neterr).to.equal('accept: Resource temporarily unavailable');
  });

  it('tells why it cannot listen, and leaves no descriptor behind', () => {
    const { port } = listener();
    expect(anetTcpServer(err, port, '127.0.0.1', 16)).to.equal(ANET_ERR);
    expect(err.neterr).to.equal('bind: Address already in use');
    expect(anetTcpServer(err, 0, 'no such host', 16)).to.equal(ANET_ERR);
    expect(err.neterr).to.equal('Name or service not known');
  });

  it('listens on both families with one port, since IPv6 sockets keep to IPv6', function () {
    const fd6 = keep(anetTcp6Server(err, 0, '::*', 16));
    if (fd6 === ANET_ERR) this.skip();
    const addr = new ipPort();
    anetFdToString(fd6, addr, FD_TO_SOCK_NAME);
    expect(addr.ip).to.equal('::');
    const fd4 = keep(anetTcpServer(err, addr.port, '*', 16));
    expect(fd4, err.neterr).to.be.greaterThan(-1);
    expect(anetFormatFdAddr(fd4, FD_TO_SOCK_NAME)).to.equal(`0.0.0.0:${addr.port}`);
    expect(anetFormatFdAddr(fd6, FD_TO_SOCK_NAME)).to.equal(`[::]:${addr.port}`);
  });

  it('drops a source address that cannot be used, when that is allowed', () => {
    const { fd, port } = listener();
    // 192.0.2.0/24 is for documentation: no machine has it.
    const c = keep(anetTcpNonBlockBestEffortBindConnect(err, '127.0.0.1', port, '192.0.2.1'));
    expect(c).to.be.greaterThan(-1);
    ready(c, POLLOUT);
    ready(fd, POLLIN);
    expect(keep(anetTcpAccept(err, fd, null))).to.be.greaterThan(-1);
  });

  it('uses the source address where there is one', () => {
    const { fd, port } = listener();
    const c = keep(anetTcpNonBlockBestEffortBindConnect(err, '127.0.0.1', port, '127.0.0.2'));
    expect(c).to.be.greaterThan(-1);
    ready(fd, POLLIN);
    const peer = new ipPort();
    keep(anetTcpAccept(err, fd, peer));
    expect(peer.ip).to.equal('127.0.0.2');
  });

  it('serves Unix sockets, with the mode asked for', () => {
    const dir = mkdtempSync(join(tmpdir(), 'anet-'));
    try {
      const path = join(dir, 's');
      const fd = keep(anetUnixServer(err, path, 0o700, 16));
      expect(fd, err.neterr).to.be.greaterThan(-1);
      expect(statSync(path).mode & 0o777).to.equal(0o700);
      const c = keep(anetUnixGenericConnect(err, path, 0));
      const s = keep(anetUnixAccept(err, fd));
      expect(s).to.be.greaterThan(-1);
      expect(anetFormatFdAddr(c, FD_TO_PEER_NAME)).to.equal('/unixsocket:0');
      expect(anetUnixServer(err, path, 0, 16)).to.equal(ANET_ERR);
      expect(err.neterr).to.equal('bind: Address already in use');
      expect(anetUnixGenericConnect(err, join(dir, 'none'), 0)).to.equal(ANET_ERR);
      expect(err.neterr).to.equal('connect: No such file or directory');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('refuses a Unix socket path that does not fit', () => {
    expect(anetUnixServer(err, `/tmp/${'x'.repeat(200)}`, 0, 16)).to.equal(ANET_ERR);
    expect(err.neterr).to.equal('unix socket path too long (205), must be under 108');
  });

  it('resolves names, or with ANET_IP_ONLY only normalizes addresses', () => {
    expect(anetResolve(err, '127.0.0.1', ANET_IP_ONLY)).to.equal('127.0.0.1');
    expect(anetResolve(err, '0:0:0:0:0:0:0:1', ANET_IP_ONLY)).to.equal('::1');
    expect(anetResolve(err, 'localhost', ANET_IP_ONLY)).to.equal(null);
    expect(err.neterr).to.equal('Name or service not known');
    expect(anetResolve(err, 'localhost', ANET_NONE)).to.be.oneOf(['127.0.0.1', '::1']);
  });

  it('shows an address as Redis does, and "?:0" for what has none', () => {
    expect(anetFormatAddr('10.0.0.1', 6379)).to.equal('10.0.0.1:6379');
    expect(anetFormatAddr('::1', 6379)).to.equal('[::1]:6379');
    expect(anetFormatFdAddr(-1, FD_TO_PEER_NAME)).to.equal('?:0');
  });

  it('sets the options of a socket', () => {
    const { port } = listener();
    const c = keep(anetTcpNonBlockConnect(err, '127.0.0.1', port));
    ready(c, POLLOUT);
    expect(anetEnableTcpNoDelay(err, c)).to.equal(ANET_OK);
    expect(posix.getsockopt(c, IPPROTO_TCP, TCP_NODELAY)).to.equal(1);
    expect(anetDisableTcpNoDelay(err, c)).to.equal(ANET_OK);
    expect(posix.getsockopt(c, IPPROTO_TCP, TCP_NODELAY)).to.equal(0);
    expect(anetKeepAlive(err, c, 300)).to.equal(ANET_OK);
    expect(anetSendTimeout(err, c, 1500)).to.equal(ANET_OK);
    expect(anetRecvTimeout(err, c, 0)).to.equal(ANET_OK);
    expect(anetBlock(err, c)).to.equal(ANET_OK);
    expect(posix.fcntl(c, F_GETFL, 0) & O_NONBLOCK).to.equal(0);
    expect(anetNonBlock(err, -1)).to.equal(ANET_ERR);
    expect(err.neterr).to.equal('fcntl(F_GETFL): Bad file descriptor');
    expect(anetEnableTcpNoDelay(err, -1)).to.equal(ANET_ERR);
    expect(err.neterr).to.equal('setsockopt TCP_NODELAY: Bad file descriptor');
  });

  it('gives each end of a pipe its own flags', () => {
    const fds = [-1, -1];
    expect(anetPipe(fds, O_CLOEXEC | O_NONBLOCK, 0)).to.equal(0);
    keep(fds[0]);
    keep(fds[1]);
    expect(posix.fcntl(fds[0], F_GETFL, 0) & O_NONBLOCK).to.equal(O_NONBLOCK);
    expect(posix.fcntl(fds[1], F_GETFL, 0) & O_NONBLOCK).to.equal(0);
    expect(posix.fcntl(fds[0], F_GETFD, 0) & FD_CLOEXEC).to.equal(FD_CLOEXEC);
    expect(anetCloexec(fds[1])).to.be.oneOf([0, 1]);
    expect(posix.fcntl(fds[1], F_GETFD, 0) & FD_CLOEXEC).to.equal(FD_CLOEXEC);
  });
});
