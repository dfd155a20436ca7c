/** blocked.ts: who waits for a key, who is served when, and how waiting ends. */
import { expect } from 'chai';
import { freeClient, linkClient } from '../../networking/networking.ts';
import { dictSize } from '../../object/dict.ts';
import { listLength } from '../../object/adlist.ts';
import { createStringObject } from '../../object/object.ts';
import { raxSize } from '../../object/rax.ts';
import { zmalloc_used_memory } from '../../object/zmalloc.ts';
import {
  disconnectAllBlockedClients,
  getBlockedTypeByType,
  replyToBlockedClientTimedOut,
  signalKeyAsReady,
} from '../../server/blocked.ts';
import {
  BLOCKED_LIST,
  BLOCKED_NONE,
  BLOCKED_STREAM,
  BLOCKED_ZSET,
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_MODULE,
  OBJ_HASH,
  OBJ_LIST,
  OBJ_SET,
  OBJ_STREAM,
  OBJ_STRING,
  OBJ_ZSET,
  type client,
} from '../../server/server.h.ts';
import { Keyspace } from './keyspace.ts';

describe('blocked.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
  });

  /** A client that runs a command which blocks. */
  function blocked(...args: (string | number)[]): client {
    const c = ks.newClient();
    linkClient(c);
    expect(ks.runAs(c, ...args)).to.equal('');
    expect(c.flags & CLIENT_BLOCKED).not.to.equal(0);
    return c;
  }

  /** Nobody waits any more, and nothing is left of those who did. */
  function nobodyWaits(): void {
    ks.sleep();
    const { server } = ks;
    expect(server.blocked_clients).to.equal(0);
    expect(server.blocked_clients_by_type.every((n) => n === 0)).to.equal(true);
    expect(raxSize(server.clients_timeout_table)).to.equal(0);
    expect(listLength(server.ready_keys)).to.equal(0);
    expect(listLength(server.unblocked_clients)).to.equal(0);
    for (const db of server.db) {
      expect(dictSize(db.blocking_keys)).to.equal(0);
      expect(dictSize(db.ready_keys)).to.equal(0);
    }
  }

  const bulk = (s: string): string => `$${s.length}\r\n${s}\r\n`;
  const array = (...elements: string[]): string =>
    `*${elements.length}\r\n${elements.map(bulk).join('')}`;

  describe('lists', () => {
    it('are not waited for when there is one', () => {
      ks.run('RPUSH', 'b', '1', '2');
      expect(ks.run('BLPOP', 'a', 'b', '0')).to.equal(array('b', '1'));
      expect(ks.run('BRPOP', 'a', 'b', '0')).to.equal(array('b', '2'));
      nobodyWaits();
    });

    it('serve those who wait in the order in which they came', () => {
      const first = blocked('BLPOP', 'l', '0');
      const second = blocked('BRPOP', 'l', '0');
      const third = blocked('BLPOP', 'l', '0');
      expect(ks.run('RPUSH', 'l', 'a', 'b')).to.equal(':2\r\n');
      expect(ks.taken(first)).to.equal(array('l', 'a'));
      expect(ks.taken(second)).to.equal(array('l', 'b'));
      expect(ks.taken(third)).to.equal('');
      expect(ks.run('EXISTS', 'l')).to.equal(':0\r\n');
      ks.run('LPUSH', 'l', 'c');
      expect(ks.taken(third)).to.equal(array('l', 'c'));
      nobodyWaits();
    });

    it('serve one who waits for several keys by the first that is ready, and one named twice once', () => {
      const c = blocked('BLPOP', 'a', 'b', 'a', 'c', '0');
      expect(dictSize(ks.server.db[0].blocking_keys)).to.equal(3);
      ks.run('RPUSH', 'b', 'x');
      expect(ks.taken(c)).to.equal(array('b', 'x'));
      nobodyWaits();
    });

    it('pass elements on to where BLMOVE puts them, and wake who waits there', () => {
      const mover = blocked('BLMOVE', 'from', 'to', 'LEFT', 'RIGHT', '0');
      const popper = blocked('BLPOP', 'to', '0');
      ks.run('RPUSH', 'from', 'x');
      expect(ks.taken(mover)).to.equal(bulk('x'));
      expect(ks.taken(popper)).to.equal(array('to', 'x'));
      expect(ks.run('EXISTS', 'from', 'to')).to.equal(':0\r\n');
      nobodyWaits();
    });

    it('give an error to BRPOPLPUSH when the destination is no list, and keep the element', () => {
      ks.run('SET', 'to', 'string');
      const c = blocked('BRPOPLPUSH', 'from', 'to', '0');
      ks.run('RPUSH', 'from', 'x');
      expect(ks.taken(c)).to.match(/^-WRONGTYPE/);
      expect(ks.run('LRANGE', 'from', '0', '-1')).to.equal(array('x'));
      nobodyWaits();
    });

    it('give BLMPOP as many elements as there are, up to its count', () => {
      const c = blocked('BLMPOP', '0', '2', 'a', 'b', 'LEFT', 'COUNT', '3');
      ks.run('RPUSH', 'b', '1', '2');
      expect(ks.taken(c)).to.equal(`*2\r\n${bulk('b')}${array('1', '2')}`);
      nobodyWaits();
    });

    it('are looked at after the transaction as a whole', () => {
      const c = blocked('BLPOP', 'l', '0');
      ks.run('MULTI');
      ks.run('LPUSH', 'l', 'a');
      ks.run('DEL', 'l');
      ks.run('EXEC');
      expect(c.flags & CLIENT_BLOCKED).not.to.equal(0);
      ks.run('MULTI');
      ks.run('LPUSH', 'l', 'a');
      ks.run('LPUSH', 'l', 'b');
      ks.run('EXEC');
      expect(ks.taken(c)).to.equal(array('l', 'b'));
      nobodyWaits();
    });

    it('do not serve who waits for another type', () => {
      const c = blocked('BLPOP', 'k', '0');
      ks.run('ZADD', 'k', '1', 'm');
      ks.run('DEL', 'k');
      ks.run('XADD', 'k', '1-1', 'f', 'v');
      expect(c.flags & CLIENT_BLOCKED).not.to.equal(0);
      ks.run('DEL', 'k');
      ks.run('RPUSH', 'k', 'x');
      expect(ks.taken(c)).to.equal(array('k', 'x'));
      nobodyWaits();
    });

    it('wake who waits when they come by RENAME, COPY, MOVE, SORT or SWAPDB', () => {
      ks.run('RPUSH', 'src', '2', '1');
      for (const command of [
        ['RENAME', 'src', 'dst'],
        ['COPY', 'src', 'dst'],
        ['SORT', 'src', 'STORE', 'dst'],
      ]) {
        const c = blocked('BLPOP', 'dst', '0');
        ks.run(...command);
        expect(ks.taken(c), command[0]).to.match(/^\*2\r\n\$3\r\ndst\r\n/);
        ks.run('DEL', 'src', 'dst');
        ks.run('RPUSH', 'src', '2', '1');
      }

      const inOther = ks.newClient();
      ks.runAs(inOther, 'SELECT', '1');
      ks.runAs(inOther, 'BLPOP', 'src', '0');
      ks.run('MOVE', 'src', '1');
      expect(ks.taken(inOther)).to.equal(array('src', '2'));

      // Now database 1 has a list that a client in database 0 waits for.
      const c = blocked('BLPOP', 'src', '0');
      ks.run('SWAPDB', '0', '1');
      expect(ks.taken(c)).to.equal(array('src', '1'));
      nobodyWaits();
    });
  });

  describe('sorted sets', () => {
    it('serve those who wait in the order in which they came, from their end', () => {
      const min = blocked('BZPOPMIN', 'z', '0');
      const max = blocked('BZPOPMAX', 'y', 'z', '0');
      const rest = blocked('BZMPOP', '0', '1', 'z', 'MAX', 'COUNT', '10');
      ks.run('ZADD', 'z', '1', 'a', '2', 'b', '3', 'c', '4', 'd');
      expect(ks.taken(min)).to.equal(array('z', 'a', '1'));
      expect(ks.taken(max)).to.equal(array('z', 'd', '4'));
      expect(ks.taken(rest)).to.equal(
        `*2\r\n${bulk('z')}*2\r\n${array('c', '3')}${array('b', '2')}`,
      );
      expect(ks.run('EXISTS', 'z')).to.equal(':0\r\n');
      nobodyWaits();
    });

    it('leave who finds nothing any more waiting', () => {
      const first = blocked('BZPOPMIN', 'z', '0');
      const second = blocked('BZPOPMIN', 'z', '0');
      ks.run('ZADD', 'z', '1', 'a');
      expect(ks.taken(first)).to.equal(array('z', 'a', '1'));
      expect(ks.taken(second)).to.equal('');
      ks.run('ZUNIONSTORE', 'z', '1', 'other');
      expect(second.flags & CLIENT_BLOCKED).not.to.equal(0);
      ks.run('ZADD', 'other', '2', 'b');
      ks.run('ZUNIONSTORE', 'z', '1', 'other');
      expect(ks.taken(second)).to.equal(array('z', 'b', '2'));
      nobodyWaits();
    });
  });

  describe('streams', () => {
    it('serve everybody who waits for an id that is lower', () => {
      ks.run('XADD', 's', '1-1', 'f', 'v');
      const low = blocked('XREAD', 'BLOCK', '0', 'STREAMS', 's', '$');
      const high = blocked('XREAD', 'BLOCK', '0', 'STREAMS', 's', '3-0');
      ks.run('XADD', 's', '2-0', 'f', 'v');
      const entry = (id: string): string =>
        `*1\r\n*2\r\n${bulk('s')}*1\r\n*2\r\n${bulk(id)}${array('f', 'v')}`;
      expect(ks.taken(low)).to.equal(entry('2-0'));
      expect(ks.taken(high)).to.equal('');
      ks.run('XADD', 's', '3-1', 'f', 'v');
      expect(ks.taken(high)).to.equal(entry('3-1'));
      nobodyWaits();
    });

    it('reply a map to who speaks RESP3', () => {
      const c = ks.newClient();
      ks.runAs(c, 'HELLO', '3');
      expect(ks.runAs(c, 'XREAD', 'BLOCK', '0', 'STREAMS', 's', '0')).to.equal('');
      ks.run('XADD', 's', '1-1', 'f', 'v');
      expect(ks.taken(c)).to.equal(
        `%1\r\n${bulk('s')}*1\r\n*2\r\n${bulk('1-1')}${array('f', 'v')}`,
      );
      nobodyWaits();
    });

    it('give each entry to one of the clients of a group only', () => {
      ks.run('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
      const read = (consumer: string): client =>
        blocked('XREADGROUP', 'GROUP', 'g', consumer, 'BLOCK', '0', 'NOACK', 'STREAMS', 's', '>');
      const alice = read('alice');
      const bob = read('bob');
      ks.run('XADD', 's', '1-1', 'f', 'v');
      expect(ks.taken(alice)).to.contain('1-1');
      expect(ks.taken(bob)).to.equal('');
      ks.run('XADD', 's', '1-2', 'f', 'v');
      expect(ks.taken(bob)).to.contain('1-2');
      nobodyWaits();
    });

    it('make the consumer anew that was deleted meanwhile', () => {
      ks.run('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
      const c = blocked(
        ...['XREADGROUP', 'GROUP', 'g', 'alice', 'BLOCK', '0', 'NOACK', 'STREAMS', 's', '>'],
      );
      ks.run('XGROUP', 'DELCONSUMER', 's', 'g', 'alice');
      ks.run('XADD', 's', '1-1', 'f', 'v');
      expect(ks.taken(c)).to.contain('1-1');
      expect(ks.run('XINFO', 'CONSUMERS', 's', 'g')).to.contain('alice');
      nobodyWaits();
    });

    it('tell who waits that the group has gone', () => {
      ks.run('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
      const c = blocked('XREADGROUP', 'GROUP', 'g', 'a', 'BLOCK', '0', 'STREAMS', 's', '>');
      ks.run('XGROUP', 'DESTROY', 's', 'g');
      expect(ks.taken(c)).to.match(/^-NOGROUP the consumer group this client was blocked on/);
      nobodyWaits();
    });

    it('tell who waits in a group that the key has gone, in whatever way', () => {
      for (const command of [
        ['DEL', 's'],
        ['UNLINK', 's'],
        ['FLUSHALL'],
        ['FLUSHDB', 'ASYNC'],
        ['SET', 's', 'v'],
        ['SWAPDB', '0', '2'],
        ['RENAME', 'other', 's'],
        ['SORT', 'none', 'STORE', 's'],
      ]) {
        ks.run('FLUSHALL');
        ks.run('SET', 'other', 'v');
        ks.run('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
        const c = blocked('XREADGROUP', 'GROUP', 'g', 'a', 'BLOCK', '0', 'STREAMS', 's', '>');
        const reader = blocked('XREAD', 'BLOCK', '0', 'STREAMS', 's', '$');
        ks.run(...command);
        expect(ks.taken(c), command[0]).to.equal('-UNBLOCKED the stream key no longer exists\r\n');
        // Who needs no group can wait for the next stream of that name.
        expect(ks.taken(reader), command[0]).to.equal('');
        ks.run('DEL', 's');
        ks.run('XADD', 's', '5-0', 'f', 'v');
        expect(ks.taken(reader), command[0]).to.contain('5-0');
      }
      nobodyWaits();
    });

    it('tell who waits in a group that the key is past its end', () => {
      ks.run('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
      const c = blocked('XREADGROUP', 'GROUP', 'g', 'a', 'BLOCK', '0', 'STREAMS', 's', '>');
      ks.run('PEXPIRE', 's', '100');
      ks.wait(200);
      expect(ks.run('GET', 's')).to.equal('$-1\r\n');
      expect(ks.taken(c)).to.match(/^-UNBLOCKED/);
      nobodyWaits();
    });

    it('find that a key is past its end when they are to be served from it', () => {
      const c = blocked('BLPOP', 'l', '0');
      const db = ks.server.db[0];
      const key = createStringObject('l');
      ks.run('MULTI');
      ks.run('RPUSH', 'l', 'x');
      ks.run('PEXPIREAT', 'l', '1');
      ks.run('EXEC');
      expect(c.flags & CLIENT_BLOCKED).not.to.equal(0);
      // Outside of a command, as an event may do it.
      signalKeyAsReady(db, key, OBJ_LIST);
      ks.sleep();
      expect(c.flags & CLIENT_BLOCKED).not.to.equal(0);
      ks.run('RPUSH', 'l', 'y');
      expect(ks.taken(c)).to.equal(array('l', 'y'));
      nobodyWaits();
    });
  });

  describe('the end of waiting', () => {
    it('comes by the deadline, the earliest first', () => {
      const late = blocked('BLPOP', 'l', '2');
      const early = blocked('BZPOPMIN', 'z', '0.5');
      const stream = blocked('XREAD', 'BLOCK', '1000', 'STREAMS', 's', '$');
      ks.sleep();
      expect(ks.server.blocked_clients).to.equal(3);
      ks.wait(501);
      ks.sleep();
      expect([early, stream, late].map((c) => ks.taken(c))).to.deep.equal(['*-1\r\n', '', '']);
      ks.wait(500);
      ks.sleep();
      expect([stream, late].map((c) => ks.taken(c))).to.deep.equal(['*-1\r\n', '']);
      ks.wait(1000);
      ks.sleep();
      expect(ks.taken(late)).to.equal('*-1\r\n');
      nobodyWaits();
    });

    it('comes by CLIENT UNBLOCK, as a deadline or as an error', () => {
      const c = blocked('BLPOP', 'l', '0');
      expect(ks.run('CLIENT', 'UNBLOCK', c.id)).to.equal(':1\r\n');
      expect(ks.taken(c)).to.equal('*-1\r\n');
      expect(ks.run('CLIENT', 'UNBLOCK', c.id)).to.equal(':0\r\n');
      const d = blocked('BLPOP', 'l', '0');
      expect(ks.run('CLIENT', 'UNBLOCK', d.id, 'ERROR')).to.equal(':1\r\n');
      expect(ks.taken(d)).to.equal('-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n');
      nobodyWaits();
    });

    it('comes when the client goes, which leaves no trace in the account of memory', () => {
      ks.run('PING');
      const before = zmalloc_used_memory();
      const c = ks.newClient();
      ks.runAs(c, 'BLMOVE', 'a', 'b', 'LEFT', 'LEFT', '10');
      freeClient(c);
      nobodyWaits();
      const d = ks.newClient();
      ks.runAs(d, 'XREAD', 'BLOCK', '5000', 'STREAMS', 'a', 'b', '0', '0');
      freeClient(d);
      nobodyWaits();
      // The first call of a command makes its histogram; what is counted is a second round.
      const middle = zmalloc_used_memory();
      const e = ks.newClient();
      ks.runAs(e, 'BLMOVE', 'a', 'b', 'LEFT', 'LEFT', '10');
      freeClient(e);
      const f = ks.newClient();
      ks.runAs(f, 'XREAD', 'BLOCK', '5000', 'STREAMS', 'a', 'b', '0', '0');
      freeClient(f);
      nobodyWaits();
      expect(zmalloc_used_memory()).to.equal(middle);
      expect(middle).to.be.at.least(before);
    });

    it('comes with an error when the server becomes a replica', () => {
      const c = blocked('BLPOP', 'l', '0');
      disconnectAllBlockedClients();
      expect(ks.taken(c)).to.equal(
        '-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)\r\n',
      );
      expect(c.flags & CLIENT_CLOSE_AFTER_REPLY).not.to.equal(0);
      nobodyWaits();
    });

    it('has no deadline for kinds of waiting that have none', () => {
      const c = ks.newClient();
      c.btype = BLOCKED_NONE;
      expect(() => replyToBlockedClientTimedOut(c)).to.throw();
    });
  });

  it('does not block within a transaction', () => {
    ks.run('MULTI');
    ks.run('BLPOP', 'l', '0');
    ks.run('BZPOPMIN', 'z', '0');
    ks.run('XREAD', 'BLOCK', '0', 'STREAMS', 's', '$');
    ks.run('BLMOVE', 'a', 'b', 'LEFT', 'LEFT', '0');
    expect(ks.run('EXEC')).to.equal('*4\r\n*-1\r\n*-1\r\n*-1\r\n$-1\r\n');
    nobodyWaits();
  });

  it('counts who waits in INFO', () => {
    const c = blocked('BLPOP', 'l', '0');
    expect(ks.run('INFO', 'clients')).to.contain('blocked_clients:1\r\n');
    expect(ks.run('CLIENT', 'LIST')).to.match(/ flags=bu? /);
    ks.run('RPUSH', 'l', 'x');
    ks.taken(c);
    expect(ks.run('INFO', 'clients')).to.contain('blocked_clients:0\r\n');
  });

  it('counts a command that waited once, when it is over', () => {
    const c = blocked('BLPOP', 'l', '0');
    ks.run('RPUSH', 'l', 'x');
    ks.taken(c);
    expect(ks.run('INFO', 'commandstats')).to.match(/cmdstat_blpop:calls=1,.*failed_calls=0/);
    const d = blocked('BRPOPLPUSH', 'l', 'str', '0');
    ks.run('SET', 'str', 'v');
    // Errors of a module's client would be counted by the module.
    d.flags &= ~CLIENT_MODULE;
    ks.run('RPUSH', 'l', 'x');
    expect(ks.run('INFO', 'commandstats')).to.match(/cmdstat_brpoplpush:calls=1,.*failed_calls=1/);
  });

  it('knows which types can be waited for', () => {
    expect(
      [OBJ_STRING, OBJ_LIST, OBJ_SET, OBJ_ZSET, OBJ_HASH, OBJ_STREAM].map(getBlockedTypeByType),
    ).to.deep.equal([
      BLOCKED_NONE,
      BLOCKED_LIST,
      BLOCKED_NONE,
      BLOCKED_ZSET,
      BLOCKED_NONE,
      BLOCKED_STREAM,
    ]);
  });
});
