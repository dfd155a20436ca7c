/** networking.ts without a network: the two parsers and the reply buffers, on a client that has no connection. */
import { expect } from 'chai';
import {
  addReplyArrayLen,
  addReplyBigNum,
  addReplyBool,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyBulkCString,
  addReplyBulkLongLong,
  addReplyBulkSds,
  addReplyDeferredLen,
  addReplyDouble,
  addReplyError,
  addReplyErrorFormat,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyMapLen,
  addReplyNull,
  addReplyNullArray,
  addReplyProto,
  addReplyPushLen,
  addReplySetLen,
  addReplyStatus,
  addReplyVerbatim,
  areClientsPaused,
  cstr,
  freeClient,
  getClientOutputBufferMemoryUsage,
  getClientTypeByName,
  getClientTypeName,
  latin1Arg,
  ll2buf,
  lookupClientByID,
  pauseClients,
  processInlineBuffer,
  processMultibulkBuffer,
  resetClient,
  setDeferredArrayLen,
  setDeferredMapLen,
  string2llBuf,
  unpauseClients,
  createClient,
} from '../../networking/networking.ts';
import {
  createRawStringObject,
  createStringObject,
  createStringObjectFromLongLong,
  objPtrString,
} from '../../object/object.ts';
import { sds, sdsnewlen } from '../../object/sds.ts';
import { connCreateSocket } from '../../networking/connection.ts';
import {
  blockClient,
  disconnectAllBlockedClients,
  queueClientForReprocessing,
} from '../../server/blocked.ts';
import {
  BLOCKED_POSTPONE,
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_CLOSE_ASAP,
  CLIENT_PAUSE_ALL,
  CLIENT_PAUSE_OFF,
  CLIENT_PAUSE_WRITE,
  CLIENT_PENDING_COMMAND,
  CLIENT_PENDING_WRITE,
  CLIENT_PROTOCOL_ERROR,
  CLIENT_REPLY_OFF,
  CLIENT_REPLY_SKIP,
  C_ERR,
  C_OK,
  OBJ_ENCODING_EMBSTR,
  OBJ_ENCODING_RAW,
  PAUSE_BY_CLIENT_COMMAND,
  PAUSE_DURING_SHUTDOWN,
  PROTO_MBULK_BIG_ARG,
  PROTO_REPLY_CHUNK_BYTES,
  server,
  shared,
  type client,
} from '../../server/server.h.ts';
import { bareServer, errorReplies, feed, pseudoClient, takeOutput } from './fixture.ts';

describe('networking, the small helpers', () => {
  it('write the digits of any 64 bit integer', () => {
    const buf = Buffer.alloc(32);
    const numbers: (number | bigint)[] = [
      0,
      1,
      9,
      10,
      -1,
      -10,
      2147483647,
      2147483648,
      -2147483648,
      99999999999,
      5000000000,
      5000000007,
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
      9223372036854775807n,
      -9223372036854775808n,
    ];
    for (const n of numbers) {
      const len = ll2buf(buf, 3, n);
      expect(buf.toString('latin1', 3, 3 + len)).to.equal(String(n));
    }
  });

  it('read an integer only when it is written as C writes it', () => {
    const read = (s: string): number => string2llBuf(Buffer.from(s, 'latin1'), 0, s.length);
    expect(read('0')).to.equal(0);
    expect(read('-7')).to.equal(-7);
    expect(read('2147483648')).to.equal(2147483648);
    expect(read('-9223372036854775808')).to.equal(-(2 ** 63));
    for (const bad of ['', '-', '+1', '01', '-0', ' 1', '1 ', '1a', '9223372036854775808']) {
      expect(read(bad), bad).to.be.NaN;
    }
    expect(read('1'.repeat(21))).to.be.NaN;
  });

  it('make the same string of bytes whatever its length', () => {
    const bytes = Buffer.allocUnsafeSlow(100);
    for (let j = 0; j < 100; j++) bytes[j] = (j * 37) & 255;
    for (let len = 0; len < 40; len++) {
      expect(latin1Arg(bytes, 5, len)).to.equal(bytes.toString('latin1', 5, 5 + len));
    }
  });

  it('know what "%s" prints', () => {
    expect(cstr('abc')).to.equal('abc');
    expect(cstr('a\0bc')).to.equal('a');
  });

  it('know the names of the client types', () => {
    for (const name of ['normal', 'pubsub', 'master', 'slave']) {
      expect(getClientTypeName(getClientTypeByName(name.toUpperCase()))).to.equal(name);
    }
    expect(getClientTypeByName('replica')).to.equal(getClientTypeByName('slave'));
    expect(getClientTypeByName('x')).to.equal(-1);
  });
});

describe('networking, the parsers', () => {
  let c: client;
  let done: () => void;

  beforeEach(() => {
    done = bareServer();
    c = pseudoClient();
  });
  afterEach(() => done());

  /** The arguments parsed so far. */
  function argv(): string[] {
    return c.argv.slice(0, c.argc).map(objPtrString);
  }

  it('understand RESP however it is cut into pieces', () => {
    const bytes = '*3\r\n$3\r\nSET\r\n$0\r\n\r\n$12\r\nto\r\nm\0\xff*$\n..\r\n';
    for (let cut = 1; cut < bytes.length; cut++) {
      feed(c, bytes.slice(0, cut));
      expect(processMultibulkBuffer(c), `cut at ${cut}`).to.equal(C_ERR);
      feed(c, bytes.slice(cut));
      expect(processMultibulkBuffer(c)).to.equal(C_OK);
      expect(argv()).to.deep.equal(['SET', '', 'to\r\nm\0\xff*$\n..']);
      expect(c.argv_len_sum).to.equal(15);
      expect(c.qb_pos).to.equal(c.querybuf.len);
      resetClient(c);
    }
  });

  it('take one command after the other from one buffer', () => {
    feed(c, '*1\r\n$4\r\nPING\r\n*0\r\n*-1\r\n*2\r\n$4\r\nECHO\r\n$1\r\nx\r\n');
    const seen: string[][] = [];
    while (c.qb_pos < c.querybuf.len) {
      expect(processMultibulkBuffer(c)).to.equal(C_OK);
      seen.push(argv());
      resetClient(c);
    }
    expect(seen).to.deep.equal([['PING'], [], [], ['ECHO', 'x']]);
  });

  it('encode arguments as C does: EMBSTR up to 44 bytes, RAW above', () => {
    feed(c, `*2\r\n$44\r\n${'a'.repeat(44)}\r\n$45\r\n${'b'.repeat(45)}\r\n`);
    expect(processMultibulkBuffer(c)).to.equal(C_OK);
    expect(c.argv[0].encoding).to.equal(OBJ_ENCODING_EMBSTR);
    expect(c.argv[1].encoding).to.equal(OBJ_ENCODING_RAW);
  });

  it('turn the query buffer into a big argument when it holds nothing else', () => {
    const big = 'x'.repeat(PROTO_MBULK_BIG_ARG);
    feed(c, `*2\r\n$4\r\nECHO\r\n$${big.length}\r\n`);
    expect(processMultibulkBuffer(c)).to.equal(C_ERR);
    expect(c.qb_pos).to.equal(0);
    expect(c.querybuf.len).to.equal(0);
    expect(c.querybuf.buf.length).to.be.at.least(big.length + 2);
    const taken = c.querybuf;
    c.querybuf.buf.latin1Write(`${big}\r\n`, 0);
    c.querybuf.len = big.length + 2;
    expect(processMultibulkBuffer(c)).to.equal(C_OK);
    expect(c.argv[1].ptr).to.equal(taken);
    expect(objPtrString(c.argv[1])).to.equal(big);
    expect(c.querybuf).not.to.equal(taken);
    expect(c.querybuf.len).to.equal(0);
  });

  it('copy a big argument when another command follows it', () => {
    const big = 'x'.repeat(PROTO_MBULK_BIG_ARG);
    feed(c, `*1\r\n$${big.length}\r\n${big}\r\n*1\r\n$4\r\nPING\r\n`);
    expect(processMultibulkBuffer(c)).to.equal(C_OK);
    expect(c.argv[0].ptr).to.be.instanceOf(sds);
    expect(objPtrString(c.argv[0])).to.equal(big);
    resetClient(c);
    expect(processMultibulkBuffer(c)).to.equal(C_OK);
    expect(argv()).to.deep.equal(['PING']);
  });

  it('do not reserve room for arguments that are only announced', () => {
    feed(c, '*2000000000\r\n$1\r\na\r\n');
    expect(processMultibulkBuffer(c)).to.equal(C_ERR);
    expect(c.argv_len).to.equal(1024);
    expect(c.argc).to.equal(1);
  });

  it('grow the vector as arguments come in', () => {
    feed(c, `*3000\r\n${'$1\r\na\r\n'.repeat(3000)}`);
    expect(processMultibulkBuffer(c)).to.equal(C_OK);
    expect(c.argc).to.equal(3000);
    expect(c.argv_len).to.equal(3000);
  });

  const broken: [string, string][] = [
    ['*x\r\n', 'invalid multibulk length'],
    ['*2147483648\r\n', 'invalid multibulk length'],
    [`*${'1'.repeat(64 * 1024 + 1)}`, 'too big mbulk count string'],
    ['*1\r\nPING\r\n', "expected '$', got 'P'"],
    ['*1\r\n\n\r\n', "expected '$', got ' '"],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$536870913\r\n', 'invalid bulk length'],
    [`*1\r\n$${'1'.repeat(64 * 1024 + 1)}`, 'too big bulk count string'],
  ];
  for (const [bytes, text] of broken) {
    it(`refuse ${JSON.stringify(bytes.slice(0, 20))}: ${text}`, () => {
      feed(c, bytes);
      expect(processMultibulkBuffer(c)).to.equal(C_ERR);
      expect(c.flags & CLIENT_CLOSE_AFTER_REPLY).not.to.equal(0);
      expect(c.flags_hi & CLIENT_PROTOCOL_ERROR).not.to.equal(0);
      c.flags &= ~CLIENT_CLOSE_AFTER_REPLY;
      expect(takeOutput(c)).to.equal(`-ERR Protocol error: ${text}\r\n`);
    });
  }

  it('hold a client that must authenticate to small commands', () => {
    server.DefaultUser!.flags = 0;
    c.authenticated = 0;
    feed(c, '*11\r\n');
    expect(processMultibulkBuffer(c)).to.equal(C_ERR);
    expect(takeOutput(c)).to.equal('-ERR Protocol error: unauthenticated multibulk length\r\n');
    c = pseudoClient();
    c.authenticated = 0;
    feed(c, '*1\r\n$16385\r\n');
    expect(processMultibulkBuffer(c)).to.equal(C_ERR);
    expect(takeOutput(c)).to.equal('-ERR Protocol error: unauthenticated bulk length\r\n');
  });

  it('split a typed line into words, with quotes', () => {
    feed(c, "SET k \"a \\x41\\n\" 'it\\'s'\r\nPING\n\r\nGET");
    expect(processInlineBuffer(c)).to.equal(C_OK);
    expect(argv()).to.deep.equal(['SET', 'k', 'a A\n', "it's"]);
    resetClient(c);
    expect(processInlineBuffer(c)).to.equal(C_OK);
    expect(argv()).to.deep.equal(['PING']);
    resetClient(c);
    expect(processInlineBuffer(c)).to.equal(C_OK);
    expect(argv()).to.deep.equal([]);
    expect(processInlineBuffer(c)).to.equal(C_ERR);
    expect(takeOutput(c)).to.equal('');
  });

  it('refuse a line with an open quote, and one without an end', () => {
    feed(c, 'SET "k\r\n');
    expect(processInlineBuffer(c)).to.equal(C_ERR);
    expect(takeOutput(c)).to.equal('-ERR Protocol error: unbalanced quotes in request\r\n');
    c = pseudoClient();
    feed(c, 'x'.repeat(64 * 1024));
    expect(processInlineBuffer(c)).to.equal(C_ERR);
    expect(takeOutput(c)).to.equal('');
    feed(c, 'x');
    expect(processInlineBuffer(c)).to.equal(C_ERR);
    expect(takeOutput(c)).to.equal('-ERR Protocol error: too big inline request\r\n');
  });

  it('stop looking for the end of a line at a zero byte', () => {
    feed(c, 'PI\0NG\r\n');
    expect(processInlineBuffer(c)).to.equal(C_ERR);
    expect(takeOutput(c)).to.equal('');
  });
});

describe('networking, the replies', () => {
  let c: client;
  let done: () => void;

  beforeEach(() => {
    done = bareServer();
    c = pseudoClient();
  });
  afterEach(() => done());

  /** The output of `reply` in RESP2 and in RESP3. */
  function both(reply: () => void): [string, string] {
    c.resp = 2;
    reply();
    const resp2 = takeOutput(c);
    c.resp = 3;
    reply();
    return [resp2, takeOutput(c)];
  }

  it('have the form of the protocol in use', () => {
    expect(both(() => addReplyNull(c))).to.deep.equal(['$-1\r\n', '_\r\n']);
    expect(both(() => addReplyNullArray(c))).to.deep.equal(['*-1\r\n', '_\r\n']);
    expect(both(() => addReplyBool(c, true))).to.deep.equal([':1\r\n', '#t\r\n']);
    expect(both(() => addReplyBool(c, 0))).to.deep.equal([':0\r\n', '#f\r\n']);
    expect(both(() => addReplyMapLen(c, 2))).to.deep.equal(['*4\r\n', '%2\r\n']);
    expect(both(() => addReplySetLen(c, 40))).to.deep.equal(['*40\r\n', '~40\r\n']);
    expect(both(() => addReplyDouble(c, 3.1))).to.deep.equal([
      '$18\r\n3.1000000000000001\r\n',
      ',3.1000000000000001\r\n',
    ]);
    expect(both(() => addReplyDouble(c, -Infinity))).to.deep.equal(['$4\r\n-inf\r\n', ',-inf\r\n']);
    expect(both(() => addReplyBigNum(c, '123'))).to.deep.equal(['$3\r\n123\r\n', '(123\r\n']);
    expect(both(() => addReplyVerbatim(c, 'hi', 'md'))).to.deep.equal([
      '$2\r\nhi\r\n',
      '=6\r\nmd :hi\r\n',
    ]);
    addReplyPushLen(c, 3);
    expect(takeOutput(c)).to.equal('>3\r\n');
  });

  it('are the same in a long reply, where a bulk string is written in one go, up to the last byte of a block', () => {
    const words = Array.from({ length: 3000 }, (_, j) => 'x'.repeat((j * 7) % 70) + j);
    const bulk = (word: string): string => `$${word.length}\r\n${word}\r\n`;
    const all = words.map(bulk).join('');
    const real = createClient(null);
    // A connection that nobody writes to.
    real.conn = connCreateSocket();
    real.flags |= CLIENT_PENDING_WRITE;
    for (const add of [
      (word: string) => addReplyBulkCBuffer(real, word),
      (word: string) => addReplyBulkCBuffer(real, Buffer.from(`..${word}.`), 2, word.length),
      (word: string) => addReplyBulkSds(real, word),
      (word: string) => addReplyBulkSds(real, sdsnewlen(word, word.length)),
    ]) {
      words.forEach(add);
      expect(real.buf_peak).to.equal(real.buf_usable_size);
      for (let ln = real.reply.head; ln !== null; ln = ln.next) {
        expect(ln.value!.used).to.be.at.most(ln.value!.size);
      }
      expect(takeOutput(real)).to.equal(all);
    }
    // Who gets no replies gets none in the middle of a long one either.
    words.forEach((word) => addReplyBulkCBuffer(real, word));
    for (const flag of [
      CLIENT_REPLY_SKIP,
      CLIENT_REPLY_OFF,
      CLIENT_CLOSE_AFTER_REPLY,
      CLIENT_CLOSE_ASAP,
    ]) {
      real.flags |= flag;
      addReplyBulkCBuffer(real, 'not this');
      real.flags &= ~flag;
    }
    expect(takeOutput(real)).to.equal(all);
    // Behind the place of a length that is not known yet a new block begins.
    words.forEach((word) => addReplyBulkCBuffer(real, word));
    addReplyDeferredLen(real);
    addReplyBulkCBuffer(real, 'abc');
    expect(takeOutput(real)).to.equal(`${all}<length>$3\r\nabc\r\n`);
  });

  it('are the same for a string, bytes and a number', () => {
    addReplyBulk(c, createStringObject('abc'));
    addReplyBulk(c, createRawStringObject(Buffer.from('abc')));
    addReplyBulk(c, createStringObjectFromLongLong(-12345));
    addReplyBulk(c, createStringObjectFromLongLong(9223372036854775807n));
    addReplyBulkCString(c, null);
    addReplyBulkCBuffer(c, '');
    addReplyBulkLongLong(c, 7);
    addReplyLongLong(c, 0);
    addReplyLongLong(c, 1);
    addReplyLongLong(c, -9007199254740993n);
    addReplyStatus(c, 'OK');
    expect(takeOutput(c)).to.equal(
      '$3\r\nabc\r\n$3\r\nabc\r\n$6\r\n-12345\r\n$19\r\n9223372036854775807\r\n$-1\r\n$0\r\n\r\n$1\r\n7\r\n' +
        ':0\r\n:1\r\n:-9007199254740993\r\n+OK\r\n',
    );
  });

  it('get an error code, no line ends within, and are counted', () => {
    const before = errorReplies();
    addReplyError(c, 'plain');
    addReplyError(c, '-CODE text');
    addReplyErrorFormat(c, '\r\nwhat\r\na client sent\n');
    addReplyErrorObject(c, shared.wrongtypeerr);
    expect(takeOutput(c)).to.equal(
      '-ERR plain\r\n-CODE text\r\n-ERR what  a client sent\r\n' +
        '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n',
    );
    expect(errorReplies() - before).to.equal(4);
  });

  it('fill the static buffer first, then blocks, in order', () => {
    let expected = '';
    for (let j = 0; j < 5000; j++) {
      const piece = `${j};`.repeat((j % 7) + 1);
      addReplyProto(c, j & 1 ? piece : Buffer.from(piece));
      expected += piece;
    }
    expect(c.bufpos).to.equal(PROTO_REPLY_CHUNK_BYTES);
    expect(c.reply.len).to.be.greaterThan(1);
    expect(getClientOutputBufferMemoryUsage(c)).to.equal(c.reply_bytes + 40 * c.reply.len);
    expect(takeOutput(c)).to.equal(expected);
  });

  it('put a reply bigger than a block into one block of its own', () => {
    const big = 'x'.repeat(100000);
    addReplyProto(c, big);
    expect(c.reply.len).to.equal(1);
    expect(c.bufpos).to.equal(PROTO_REPLY_CHUNK_BYTES);
    expect(takeOutput(c)).to.equal(big);
  });

  it('can name their length afterwards', () => {
    addReplyStatus(c, 'before');
    const outer = addReplyDeferredLen(c);
    addReplyArrayLen(c, 1);
    const inner = addReplyDeferredLen(c);
    addReplyStatus(c, 'x');
    setDeferredMapLen(c, inner, 50);
    setDeferredArrayLen(c, outer, 2);
    expect(takeOutput(c)).to.equal('+before\r\n*2\r\n*1\r\n*100\r\n+x\r\n');
  });

  it('glue a late length to a neighbour, so that no block of a few bytes is left', () => {
    const len = addReplyDeferredLen(c);
    addReplyStatus(c, 'x');
    expect(c.reply.len).to.equal(2);
    setDeferredArrayLen(c, len, 1);
    expect(c.reply.len).to.equal(1);
    expect(takeOutput(c)).to.equal('*1\r\n+x\r\n');
  });

  it('stop when the client is to be closed', () => {
    addReplyStatus(c, 'last');
    c.flags |= CLIENT_CLOSE_AFTER_REPLY;
    addReplyStatus(c, 'more');
    expect(takeOutput(c)).to.equal('+last\r\n');
  });
});

describe('networking, pauses', () => {
  let done: () => void;
  before(() => (done = bareServer()));
  after(() => done());

  it('last as the strictest of those that run, and end one by one', () => {
    server.mstime = 1000;
    pauseClients(PAUSE_BY_CLIENT_COMMAND, 5000, CLIENT_PAUSE_WRITE);
    expect(server.client_pause_type).to.equal(CLIENT_PAUSE_WRITE);
    pauseClients(PAUSE_DURING_SHUTDOWN, 3000, CLIENT_PAUSE_ALL);
    expect(server.client_pause_type).to.equal(CLIENT_PAUSE_ALL);
    expect(server.client_pause_end_time).to.equal(3000);
    pauseClients(PAUSE_DURING_SHUTDOWN, 2000, CLIENT_PAUSE_WRITE);
    expect(server.client_pause_type).to.equal(CLIENT_PAUSE_ALL);
    expect(server.client_pause_end_time).to.equal(3000);
    unpauseClients(PAUSE_DURING_SHUTDOWN);
    expect(server.client_pause_type).to.equal(CLIENT_PAUSE_WRITE);
    unpauseClients(PAUSE_BY_CLIENT_COMMAND);
    expect(server.client_pause_type).to.equal(CLIENT_PAUSE_OFF);
    expect(areClientsPaused()).to.equal(false);
  });

  it('put clients off until they are over, each queued once to go on', () => {
    const c = pseudoClient();
    pauseClients(PAUSE_BY_CLIENT_COMMAND, 5000, CLIENT_PAUSE_ALL);
    blockClient(c, BLOCKED_POSTPONE);
    expect(c.flags & CLIENT_BLOCKED).not.to.equal(0);
    expect(c.flags & CLIENT_PENDING_COMMAND).not.to.equal(0);
    expect(server.blocked_clients_by_type[BLOCKED_POSTPONE]).to.equal(1);
    // One that was put off has not begun: a change of role does not concern it.
    disconnectAllBlockedClients();
    expect(c.flags & CLIENT_BLOCKED).not.to.equal(0);
    unpauseClients(PAUSE_BY_CLIENT_COMMAND);
    expect(c.flags & CLIENT_BLOCKED).to.equal(0);
    expect(server.blocked_clients).to.equal(0);
    expect(server.postponed_clients.len).to.equal(0);
    queueClientForReprocessing(c);
    expect(server.unblocked_clients.len).to.equal(1);
    freeClient(c);
    expect(server.unblocked_clients.len).to.equal(0);
  });

  it('know no client by an id that nobody has', () => {
    expect(lookupClientByID(12345)).to.equal(null);
    expect(lookupClientByID(-1)).to.equal(null);
    expect(lookupClientByID(2n ** 60n)).to.equal(null);
  });

  it('leave the account of memory as it was when a client comes and goes', () => {
    const before = server.ledger.used;
    const c = pseudoClient();
    addReplyProto(c, 'x'.repeat(100000));
    expect(server.ledger.used).to.be.greaterThan(before + 100000);
    freeClient(c);
    expect(server.ledger.used).to.equal(before);
  });
});
