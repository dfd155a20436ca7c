/** connection.ts and syncio.ts over the real loopback, with the event loop turned by hand. */
import { expect } from 'chai';
import { AE_ALL_EVENTS, AE_DONT_WAIT, AE_READABLE, aeProcessEvents, aeWait } from '../../ae/ae.ts';
import {
  FD_TO_SOCK_NAME,
  anetFdToString,
  anetTcpAccept,
  anetTcpServer,
  ipPort,
} from '../../networking/anet.ts';
import {
  CONN_STATE_ACCEPTING,
  CONN_STATE_CLOSED,
  CONN_STATE_CONNECTED,
  CONN_STATE_CONNECTING,
  CONN_STATE_ERROR,
  connAccept,
  connBlockingConnect,
  connClose,
  connConnect,
  connCreateAcceptedSocket,
  connCreateSocket,
  connFormatFdAddr,
  connGetInfo,
  connGetLastError,
  connGetPrivateData,
  connGetState,
  connHasReadHandler,
  connHasWriteHandler,
  connPeerToString,
  connRead,
  connSetPrivateData,
  connSetReadHandler,
  connSetWriteHandler,
  connSetWriteHandlerWithBarrier,
  connSyncRead,
  connSyncReadLine,
  connSyncWrite,
  connWrite,
  connWritev,
  type connection,
} from '../../networking/connection.ts';
import { createClient, freeClient, readQueryFromClient } from '../../networking/networking.ts';
import { ETIMEDOUT, posix } from '../../posix/posix.ts';
import { C_ERR, C_OK, server } from '../../server/server.h.ts';
import { bareServer } from './fixture.ts';

describe('connection', () => {
  let done: () => void;
  let listener: number;
  let port: number;
  let made: connection[];

  beforeEach(() => {
    done = bareServer();
    made = [];
    listener = anetTcpServer(null, 0, '127.0.0.1', 16);
    const addr = new ipPort();
    anetFdToString(listener, addr, FD_TO_SOCK_NAME);
    port = addr.port;
  });

  afterEach(() => {
    for (const conn of made) if (conn.fd !== -1) connClose(conn);
    posix.close(listener);
    done();
  });

  /** Turns the event loop until `what` holds. */
  function turnUntil(what: () => boolean): void {
    for (let j = 0; j < 2000 && !what(); j++) {
      if (aeProcessEvents(server.el, AE_ALL_EVENTS | AE_DONT_WAIT) === 0) posix.usleep(1000);
    }
    expect(what()).to.equal(true);
  }

  /** A connection to the listener and the other end of it, both up. */
  function pair(): [connection, connection] {
    const client = connCreateSocket();
    made.push(client);
    let up = 0;
    expect(connConnect(client, '127.0.0.1', port, null, () => up++)).to.equal(C_OK);
    expect(connGetState(client)).to.equal(CONN_STATE_CONNECTING);
    expect(aeWait(listener, AE_READABLE, 2000)).to.equal(AE_READABLE);
    const other = connCreateAcceptedSocket(anetTcpAccept(null, listener, null));
    made.push(other);
    expect(connGetState(other)).to.equal(CONN_STATE_ACCEPTING);
    expect(connAccept(other, () => up++)).to.equal(C_OK);
    turnUntil(() => up === 2);
    expect(connGetState(client)).to.equal(CONN_STATE_CONNECTED);
    expect(connGetState(other)).to.equal(CONN_STATE_CONNECTED);
    return [client, other];
  }

  it('carries bytes both ways, and reports the end', () => {
    const [a, b] = pair();
    const buf = Buffer.allocUnsafeSlow(100);
    let got = '';
    connSetReadHandler(b, (conn) => {
      const n = connRead(conn, buf, 10, 50);
      if (n > 0) got += buf.toString('latin1', 10, 10 + n);
    });
    expect(connHasReadHandler(b)).to.equal(true);
    expect(connWrite(a, Buffer.from('xhelloy'), 1, 5)).to.equal(5);
    turnUntil(() => got === 'hello');
    const iov = [
      { buf: Buffer.from('-abc-'), off: 1, len: 3 },
      { buf: Buffer.from('def'), off: 0, len: 3 },
      { buf: Buffer.from('unused'), off: 0, len: 6 },
    ];
    expect(connWritev(a, iov, 2)).to.equal(6);
    turnUntil(() => got === 'helloabcdef');
    expect(connRead(b, buf, 0, 10)).to.equal(-1);
    expect(connGetState(b), 'nothing to read is no error').to.equal(CONN_STATE_CONNECTED);
    connClose(a);
    turnUntil(() => connGetState(b) === CONN_STATE_CLOSED);
  });

  it('knows both addresses and what to call itself', () => {
    const [a, b] = pair();
    const addr = new ipPort();
    expect(connPeerToString(a, addr)).to.equal(C_OK);
    expect(addr).to.deep.include({ ip: '127.0.0.1', port });
    expect(connFormatFdAddr(b, FD_TO_SOCK_NAME)).to.equal(`127.0.0.1:${port}`);
    expect(connGetInfo(a)).to.equal(`fd=${a.fd}`);
    expect(connGetInfo(null)).to.equal('fd=-1');
    expect(connPeerToString(null, addr)).to.equal(C_ERR);
    connSetPrivateData(a, 'mine');
    expect(connGetPrivateData(a)).to.equal('mine');
  });

  it('tells the connect handler when nobody answers', () => {
    posix.close(listener);
    const conn = connCreateSocket();
    made.push(conn);
    let called = 0;
    const ret = connConnect(conn, '127.0.0.1', port, null, () => called++);
    if (ret === C_OK) turnUntil(() => called === 1);
    expect(connGetState(conn)).to.equal(CONN_STATE_ERROR);
    expect(connGetLastError(conn)).to.equal('Connection refused');
  });

  it('reads before it writes, and the other way round with a barrier', () => {
    const [a, b] = pair();
    for (const barrier of [0, 1]) {
      let order = '';
      const buf = Buffer.allocUnsafeSlow(10);
      connWrite(a, Buffer.from('x'), 0, 1);
      expect(aeWait(b.fd, AE_READABLE, 2000)).to.equal(AE_READABLE);
      connSetReadHandler(b, (conn) => {
        order += 'r';
        connRead(conn, buf, 0, 10);
        connSetReadHandler(conn, null);
      });
      connSetWriteHandlerWithBarrier(
        b,
        (conn) => {
          order += 'w';
          connSetWriteHandler(conn, null);
        },
        barrier,
      );
      turnUntil(() => order.length === 2);
      expect(order).to.equal(barrier ? 'wr' : 'rw');
      expect(connHasWriteHandler(b)).to.equal(false);
    }
  });

  it('survives to the end of the handler that closes it, and calls no other one', () => {
    const [a, b] = pair();
    let order = '';
    connWrite(a, Buffer.from('x'), 0, 1);
    expect(aeWait(b.fd, AE_READABLE, 2000)).to.equal(AE_READABLE);
    connSetReadHandler(b, (conn) => {
      connClose(conn);
      order += `r${conn.fd}`;
    });
    connSetWriteHandler(b, () => (order += 'w'));
    const used = server.ledger.used;
    turnUntil(() => order !== '');
    expect(order).to.equal('r-1');
    expect(used - server.ledger.used).to.equal(64);
  });

  it('says so when the accept handler closes it', () => {
    const client = connCreateSocket();
    made.push(client);
    connConnect(client, '127.0.0.1', port, null, () => undefined);
    aeWait(listener, AE_READABLE, 2000);
    const other = connCreateAcceptedSocket(anetTcpAccept(null, listener, null));
    expect(connAccept(other, connClose)).to.equal(C_ERR);
    expect(other.fd).to.equal(-1);
    connClose(other);
  });

  it('speaks synchronously, with a deadline', () => {
    const conn = connCreateSocket();
    made.push(conn);
    expect(connBlockingConnect(conn, '127.0.0.1', port, 2000)).to.equal(C_OK);
    const other = connCreateAcceptedSocket(anetTcpAccept(null, listener, null));
    made.push(other);
    expect(connSyncWrite(conn, Buffer.from('+OK\r\nrest\n12345'), 0, 15, 1000)).to.equal(15);
    expect(connSyncReadLine(other, 100, 1000)).to.equal('+OK');
    expect(connSyncReadLine(other, 3, 1000), 'a long line comes in pieces').to.equal('re');
    expect(connSyncReadLine(other, 100, 1000)).to.equal('st');
    const buf = Buffer.allocUnsafeSlow(10);
    expect(connSyncRead(other, buf, 2, 5, 1000)).to.equal(5);
    expect(buf.toString('latin1', 2, 7)).to.equal('12345');
    expect(connSyncRead(other, buf, 0, 1, 20)).to.equal(-1);
    expect(posix.errno).to.equal(ETIMEDOUT);
    expect(connSyncReadLine(other, 10, 20)).to.equal(null);
    connClose(conn);
    expect(connSyncRead(other, buf, 0, 1, 1000), 'the other side left').to.equal(-1);
  });

  it('is read for the client that is made for it, until that is freed', () => {
    const [, b] = pair();
    const c = createClient(b);
    expect(connGetPrivateData(b)).to.equal(c);
    expect(b.read_handler).to.equal(readQueryFromClient);
    expect(server.clients.len).to.equal(1);
    freeClient(c);
    expect(b.fd).to.equal(-1);
    expect(server.clients.len).to.equal(0);
  });
});
