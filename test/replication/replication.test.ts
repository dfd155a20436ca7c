/** replication.ts without a network: what the buffer that all replicas read from does as they read. */
import { expect } from 'chai';
import { connection, CT_Socket } from '../../networking/connection.ts';
import {
  _writeToClient,
  clientHasPendingReplies,
  getClientOutputBufferMemoryUsage,
  SIZEOF_REPL_NODE,
} from '../../networking/networking.ts';
import { u64ToKey } from '../../networking/timeout.ts';
import { listAddNodeTail, listFirst, listLength, listNodeValue } from '../../object/adlist.ts';
import { raxInsert, raxNew, raxSize } from '../../object/rax.ts';
import { incrementalTrimReplicationBacklog } from '../../replication/replication.ts';
import {
  CLIENT_SLAVE,
  replBacklog,
  replBufBlock,
  server,
  type client,
} from '../../server/server.h.ts';
import { bareServer, pseudoClient } from '../networking/fixture.ts';

describe('replication.ts', () => {
  let end: () => void;
  let backlog: replBacklog;

  /** A buffer of full blocks of four bytes, the first at offset 1; the backlog holds the first. */
  beforeEach(() => {
    end = bareServer();
    backlog = new replBacklog();
    backlog.blocks_index = raxNew();
    server.repl_backlog = backlog;
    server.repl_backlog_size = 5;
    for (const [i, text] of ['abcd', 'efgh', 'ijkl', 'mnop'].entries()) {
      const block = new replBufBlock(Buffer.from(text));
      block.used = block.size;
      block.id = i + 1;
      block.repl_offset = 1 + 4 * i;
      listAddNodeTail(server.repl_buffer_blocks, block);
      raxInsert(backlog.blocks_index, u64ToKey(block.repl_offset), null, null);
      server.repl_buffer_mem += block.size + SIZEOF_REPL_NODE;
    }
    server.master_repl_offset = 16;
    backlog.ref_repl_buf_node = listFirst(server.repl_buffer_blocks);
    listNodeValue(backlog.ref_repl_buf_node!).refcount++;
    backlog.histlen = 16;
    backlog.offset = 1;
  });

  afterEach(() => end());

  /** A replica at the first block whose socket takes up to `room` bytes a write and keeps them in `sent`. */
  function replica(room: number): { c: client; sent: string[] } {
    const sent: string[] = [];
    const c = pseudoClient();
    c.flags |= CLIENT_SLAVE;
    c.conn = new connection({
      ...CT_Socket,
      write: (_conn, data, off, len) => {
        const n = Math.min(room, len);
        sent.push(Buffer.from(data.subarray(off, off + n)).toString('latin1'));
        return n;
      },
    });
    c.ref_repl_buf_node = listFirst(server.repl_buffer_blocks);
    listNodeValue(c.ref_repl_buf_node!).refcount++;
    return { c, sent };
  }

  it('drops blocks while the backlog stays as long as configured, and the index with them', () => {
    incrementalTrimReplicationBacklog(64);
    expect(listLength(server.repl_buffer_blocks)).to.equal(2);
    expect(backlog.histlen).to.equal(8);
    expect(backlog.offset).to.equal(9);
    expect(raxSize(backlog.blocks_index!)).to.equal(2);
    expect(server.repl_buffer_mem).to.equal(2 * (4 + SIZEOF_REPL_NODE));
    expect(listNodeValue(backlog.ref_repl_buf_node!)).to.include({ id: 3, refcount: 1 });
  });

  it('drops no more than it may at a time, and never the last block', () => {
    incrementalTrimReplicationBacklog(1);
    expect(listLength(server.repl_buffer_blocks)).to.equal(3);
    server.repl_backlog_size = 0;
    incrementalTrimReplicationBacklog(64);
    expect(listLength(server.repl_buffer_blocks)).to.equal(1);
  });

  it('keeps what a replica has yet to read, and frees it as the replica goes on', () => {
    const { c, sent } = replica(3);
    incrementalTrimReplicationBacklog(64);
    expect(listLength(server.repl_buffer_blocks)).to.equal(4);
    expect(getClientOutputBufferMemoryUsage(c)).to.equal(16 + 4 * SIZEOF_REPL_NODE);

    while (clientHasPendingReplies(c)) expect(_writeToClient(c)).to.be.greaterThan(-1);
    expect(sent.join('')).to.equal('abcdefghijklmnop');
    expect(sent[0]).to.equal('abc');
    expect(listLength(server.repl_buffer_blocks)).to.equal(2);
    expect(getClientOutputBufferMemoryUsage(c)).to.equal(4 + SIZEOF_REPL_NODE);
    expect(listNodeValue(c.ref_repl_buf_node!)).to.include({ id: 4, refcount: 1 });
  });

  it('has nothing for a replica that is not attached to the buffer yet', () => {
    const { c } = replica(3);
    c.ref_repl_buf_node = null;
    expect(clientHasPendingReplies(c)).to.equal(false);
    expect(getClientOutputBufferMemoryUsage(c)).to.equal(0);
  });

  it('tells a socket that is full from one that failed', () => {
    for (const [result, told] of [
      [0, -2],
      [-1, -1],
    ]) {
      const { c } = replica(1);
      c.conn = new connection({ ...CT_Socket, write: () => result });
      expect(_writeToClient(c)).to.equal(told);
    }
  });
});
