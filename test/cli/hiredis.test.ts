/** The reader of replies, and the quoting of arguments, without a server. */
import { expect } from 'chai';
import {
  redisFormatCommand,
  redisReaderCreate,
  redisReaderFeed,
  redisReaderGetReply,
  REDIS_ERR,
  REDIS_REPLY_ARRAY,
  REDIS_REPLY_MAP,
  REDIS_REPLY_VERB,
  sdscatrepr,
  sdssplitargs,
  type redisReply,
} from '../../cli/hiredis.ts';

/** All replies in the pieces of a stream. */
function parse(pieces: string[]): redisReply[] {
  const r = redisReaderCreate();
  const replies: redisReply[] = [];
  for (const piece of pieces) {
    redisReaderFeed(r, Buffer.from(piece, 'latin1'), piece.length);
    for (;;) {
      const reply = redisReaderGetReply(r);
      if (reply === REDIS_ERR) throw new Error(r.errstr);
      if (reply === null) break;
      replies.push(reply);
    }
  }
  return replies;
}

describe('The reader of replies', () => {
  const stream =
    '*3\r\n:1\r\n*2\r\n$5\r\na\r\n\xe4b\r\n$-1\r\n*0\r\n+OK\r\n-ERR x\r\n%1\r\n+k\r\n~2\r\n#t\r\n,1.5\r\n' +
    '=6\r\ntxt:hi\r\n>1\r\n(123\r\n_\r\n';

  it('gives the same replies wherever the stream is cut', () => {
    const whole = parse([stream]);
    expect(whole.map((r) => r.type)).to.deep.equal([2, 5, 6, 9, 14, 12, 4]);
    for (let cut = 1; cut < stream.length; cut++) {
      expect(parse([stream.slice(0, cut), stream.slice(cut)])).to.deep.equal(whole);
    }
    expect(parse([...stream])).to.deep.equal(whole);
  });

  it('takes replies nested deeper than its first stack, and longer than its first buffer', () => {
    const deep = parse(['*1\r\n'.repeat(40) + ':7\r\n']);
    let r = deep[0];
    for (let i = 0; i < 40; i++) {
      expect(r.type).to.equal(REDIS_REPLY_ARRAY);
      r = r.element[0]!;
    }
    expect(r.integer).to.equal(7);
    const long = 'x'.repeat(100000);
    const pieces = `$${long.length}\r\n${long}\r\n+OK\r\n`.match(/[^]{1,1000}/g)!;
    expect(parse(pieces).map((reply) => reply.str.length)).to.deep.equal([100000, 2]);
  });

  it('keeps integers of 64 bits, the text of doubles and the format of verbatim strings', () => {
    const [min, big, small, double, verbatim] = parse([
      ':-9223372036854775808\r\n:9007199254740993\r\n:-5\r\n,1.50\r\n=7\r\nmkd:# x\r\n',
    ]);
    expect(min.integer).to.equal(-9223372036854775808n);
    expect(big.integer).to.equal(9007199254740993n);
    expect(small.integer).to.equal(-5);
    expect([double.dval, double.str]).to.deep.equal([1.5, '1.50']);
    expect(verbatim).to.include({ type: REDIS_REPLY_VERB, vtype: 'mkd', str: '# x' });
  });

  it('flattens maps into keys and values', () => {
    const [map] = parse(['%2\r\n+a\r\n:1\r\n+b\r\n*-1\r\n']);
    expect(map.type).to.equal(REDIS_REPLY_MAP);
    expect(map.element.map((e) => e!.str || e!.integer)).to.deep.equal(['a', 1, 'b', 0]);
  });

  it('stays in its error once the stream is broken', () => {
    const r = redisReaderCreate();
    redisReaderFeed(r, Buffer.from('|0\r\n'), 4);
    expect(redisReaderGetReply(r)).to.equal(REDIS_ERR);
    expect(r.errstr).to.equal('Protocol error, got "|" as reply type byte');
    expect(redisReaderFeed(r, Buffer.from('+OK\r\n'), 5)).to.equal(REDIS_ERR);
    expect(redisReaderGetReply(r)).to.equal(REDIS_ERR);
  });
});

describe('The arguments of a command', () => {
  it('are put into a format without losing blanks, bytes or empty ones', () => {
    expect(redisFormatCommand('SET %s %b', 'a b', '\x00\xff')).to.equal(
      '*3\r\n$3\r\nSET\r\n$3\r\na b\r\n$2\r\n\x00\xff\r\n',
    );
    expect(redisFormatCommand('  X %s%d %% ', 'k', 7)).to.equal(
      '*3\r\n$1\r\nX\r\n$2\r\nk7\r\n$1\r\n%\r\n',
    );
    expect(redisFormatCommand('X %s', '')).to.equal('*2\r\n$1\r\nX\r\n$0\r\n\r\n');
    expect(redisFormatCommand('X %lld', 12n)).to.equal('*2\r\n$1\r\nX\r\n$2\r\n12\r\n');
    expect(redisFormatCommand('X %q', 1)).to.equal(null);
  });

  it('are split like this', () => {
    expect(sdssplitargs('a  "b c"\t\'d e\' f"g"')).to.deep.equal(['a', 'b c', 'd e', 'fg']);
    expect(sdssplitargs('"\\x41\\n\\"\\q\\x4"')).to.deep.equal(['A\n"qx4']);
    expect(sdssplitargs("'\\'\\n'")).to.deep.equal(["'\\n"]);
    expect(sdssplitargs('"" \'\'')).to.deep.equal(['', '']);
    expect(sdssplitargs('a\0b c')).to.deep.equal(['a']);
    expect(sdssplitargs(' \n')).to.deep.equal([]);
    for (const bad of ['"a', "'a", '"a"b', "'a'b", '"a\\'])
      expect(sdssplitargs(bad)).to.equal(null);
  });

  it('come back from their quoted form', () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    expect(sdssplitargs(sdscatrepr('', all))).to.deep.equal([all]);
    expect(sdscatrepr('x', 'a"\\\n\x07\xe4')).to.equal('x"a\\"\\\\\\n\\a\\xe4"');
  });
});
